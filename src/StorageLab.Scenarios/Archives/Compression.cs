using System.IO.Compression;
using ZstdSharp;

namespace StorageLab.Scenarios.Archives;

/// <summary>Recognises and opens compressed streams by their first bytes, as Docker does (pkg/archive: DetectCompression).</summary>
internal static class Compression
{
    /// <summary>Bytes that any archive may unpack to, whatever its size.</summary>
    private const long UnpackedBytesFree = 1L << 30;

    /// <summary>What a real layer unpacks to against its size: text reaches 10, a file of zeros is seldom all of a layer.</summary>
    private const long UnpackedRatioMax = 200;

    /// <summary>The stream unpacked, or null when it is not compressed. The position is at the beginning in both cases.</summary>
    public static Stream? TryOpen(Stream packed)
    {
        Span<byte> magic = stackalloc byte[6];
        int count = packed.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        packed.Position = 0;
        return magic[..count] switch
        {
            [0x1f, 0x8b, ..] => new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => new DecompressionStream(packed, leaveOpen: true),
            [0x42, 0x5a, 0x68, ..] => throw new ArchiveException("is compressed with bzip2; gzip, zstd and plain tar are read"),
            [0xfd, 0x37, 0x7a, 0x58, 0x5a, ..] => throw new ArchiveException("is compressed with xz; gzip, zstd and plain tar are read"),
            _ => null,
        };
    }

    /// <summary>How many bytes a compressed stream of that size may unpack to before it counts as a bomb.</summary>
    public static long UnpackedBytesMax(long packedBytes) => Math.Max(UnpackedBytesFree, packedBytes * UnpackedRatioMax);
}
