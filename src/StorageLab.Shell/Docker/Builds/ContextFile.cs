using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StorageLab.Shell.Docker.Builds;

/// <summary>A file or directory of a build's context.</summary>
/// <param name="Path">Relative to the context; a directory's ends with a slash.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sum">What the builder's cache knows it by, as 64 digits.</param>
internal sealed record ContextFile(string Path, long Bytes, string Sum)
{
    /// <summary>Permissions that a file has where nothing else is known: a umask of 022 leaves them.</summary>
    public const UnixFileMode FileMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public const UnixFileMode DirectoryMode =
        FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>S_IFREG and S_IFDIR, which the client leaves in the mode of an archive's entry (pkg/archive, fillGo18FileTypeBits).</summary>
    private const int RegularBits = 0x8000;
    private const int DirectoryBits = 0x4000;

    public static ContextFile Directory(string path, UnixFileMode mode = DirectoryMode) =>
        new(path, 0, SumOf(path, DirectoryBits | (int)mode, 0, '5', Stream.Null));

    public static ContextFile File(string path, long bytes, Stream content, UnixFileMode mode = FileMode) =>
        new(path, bytes, SumOf(path, RegularBits | (int)mode, bytes, '0', content));

    /// <summary>What a source of several files is known by (builder/dockerfile/copy.go, hashStringSlice).</summary>
    public static string SumOf(IEnumerable<string> sums) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(',', sums))));

    /// <summary>The digest of an archive's entry: its header without times and its content; the client makes everything root's (pkg/tarsum, version 1).</summary>
    private static string SumOf(string path, int mode, long bytes, char type, Stream content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"name{path}mode{mode}uid0gid0size{bytes}typeflag{type}linknameunamegnamedevmajor0devminor0")));
        var buffer = new byte[64 << 10];
        while (content.Read(buffer) is var read and > 0)
            hash.AppendData(buffer.AsSpan(0, read));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
