using System.Buffers;
using System.Security.Cryptography;

namespace StorageLab.Scenarios;

/// <summary>Digests as Docker and OCI write them: <c>sha256:</c> and 64 lower-case hex digits.</summary>
internal static class ContentDigest
{
    private const string Prefix = "sha256:";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static bool IsValid(string? text) =>
        text is { Length: 71 } && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept(HexDigits) < 0;

    public static string Of(ReadOnlySpan<byte> content) => Format(SHA256.HashData(content));

    public static string Format(ReadOnlySpan<byte> hash) => Prefix + Convert.ToHexStringLower(hash);

    /// <summary>The hex digits of a valid digest.</summary>
    public static string Hex(string digest) => digest[Prefix.Length..];
}
