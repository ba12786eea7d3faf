using System.Security.Cryptography;
using System.Text;
using StorageLab.Model.Constants;

namespace StorageLab.Model.Images;

/// <summary>Docker's content addresses: <c>sha256:</c> and 64 hexadecimal digits.</summary>
public static class ContentIds
{
    public const string Prefix = "sha256:";

    /// <summary>Digits Docker shows of an id.</summary>
    [ModelConstant(ModelPart.Daemon, "digits", "moby pkg/stringid/stringid.go: shortLen")]
    private const int ShortLength = 12;

    /// <summary>Digest of an archive without entries: 1,024 zero bytes (layer/empty.go, DigestSHA256EmptyTar).</summary>
    public const string EmptyArchive = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

    public static string Of(ReadOnlySpan<byte> content) => Prefix + Convert.ToHexStringLower(SHA256.HashData(content));

    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Identity of a layer with all below it: the diff ID itself at the bottom, else the digest of
    /// <c>PARENT-CHAIN-ID DIFF-ID</c> (layer/layer.go, CreateChainID).</summary>
    /// <param name="parentChainId">Chain ID of the layer below; null at the bottom.</param>
    /// <param name="diffId">Digest of the layer's own archive.</param>
    public static string ChainId(string? parentChainId, string diffId) =>
        parentChainId is null ? diffId : Of($"{parentChainId} {diffId}");

    /// <summary>An id without its prefix.</summary>
    public static string Hex(string id) => id.StartsWith(Prefix, StringComparison.Ordinal) ? id[Prefix.Length..] : id;

    /// <summary>The first 12 digits.</summary>
    public static string Truncated(string id) => Hex(id)[..ShortLength];
}
