namespace StorageLab.Scenarios.Archives;

/// <summary>Paths as archives hold them, cleaned as Docker cleans them before it unpacks (pkg/archive/archive.go: filepath.Clean, then
/// refused outside).</summary>
internal static class ArchivePath
{
    /// <summary>The path without <c>.</c>, <c>..</c> and doubled slashes, relative to the archive's root; empty for the root itself.
    /// Null when it climbs above the root, or is longer than Linux takes.</summary>
    public static string? Clean(string path)
    {
        if (path.Length > LayerLimits.PathLengthMax)
            return null;
        if (IsClean(path))
            return path;
        List<string> parts = [];
        foreach (string part in path.Split('/'))
        {
            if (part is "" or ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else
                return null;
        }

        return string.Join('/', parts);
    }

    // Nearly every path of a layer is clean, and needs no copy.
    private static bool IsClean(string path) =>
        path.Length > 0 && path[0] is not '/' and not '.' && path[^1] != '/'
        && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal);
}
