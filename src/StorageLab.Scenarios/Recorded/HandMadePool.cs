using System.Text.RegularExpressions;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Finds in a recording how a pool that Docker did not make was made.</summary>
internal static partial class HandMadePool
{
    /// <summary>lvconvert's chunk size when none was given, for a pool of this size (lvm.conf, thin_pool_chunk_size).</summary>
    private const string DefaultChunkSize = "64k";

    public static string ChunkSize(JsonFile json)
    {
        foreach (YamlNode entry in json.List(json.Root, "setup_commands"))
        {
            Match match = ChunkOption().Match(json.Text(entry, "command"));
            if (match.Success)
                return match.Groups[1].Value;
        }

        return DefaultChunkSize;
    }

    [GeneratedRegex(@"(?:-c|--chunksize)\s+(\d+[kKmM]?)")]
    private static partial Regex ChunkOption();
}
