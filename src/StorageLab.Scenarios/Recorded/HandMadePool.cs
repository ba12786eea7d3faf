using System.Text.RegularExpressions;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Finds in a recording how a pool that Docker did not make was made.</summary>
internal static partial class HandMadePool
{
    /// <summary>lvconvert's chunk size when none was given, for a pool of this size (lvm.conf, thin_pool_chunk_size).</summary>
    private const string DefaultChunkSize = "64k";

    public static string ChunkSize(IEnumerable<string> setupCommands) => setupCommands
        .Select(command => ChunkOption().Match(command))
        .FirstOrDefault(match => match.Success)?.Groups[1].Value ?? DefaultChunkSize;

    [GeneratedRegex(@"(?:-c|--chunksize)\s+(\d+[kKmM]?)")]
    private static partial Regex ChunkOption();
}
