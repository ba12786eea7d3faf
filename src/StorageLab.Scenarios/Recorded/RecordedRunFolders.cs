using System.Collections.Immutable;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Finds recorded runs: the folders that hold a run.json.</summary>
public static class RecordedRunFolders
{
    private const string Machine = "run.json";

    /// <summary>A folder of folders of runs is searched; deeper lies nothing that people keep recordings in.</summary>
    private const int DepthMax = 3;

    /// <summary>The runs that arguments name: each a run's own folder, or a folder that holds some.</summary>
    /// <returns>In the order of the arguments, those of one argument by name; none twice.</returns>
    /// <exception cref="InputException">There is no such folder, or no run in it.</exception>
    public static ImmutableArray<string> Find(IEnumerable<string> arguments)
    {
        List<string> found = [];
        foreach (string argument in arguments)
            found.AddRange(FindIn(argument));
        return [.. found.DistinctBy(Path.GetFullPath)];
    }

    private static string[] FindIn(string argument)
    {
        if (File.Exists(argument))
            throw new InputException(argument, "is a file; give the folder of a recorded run, or one that holds some");
        if (!Directory.Exists(argument))
            throw new InputException(argument, "there is no such folder; give the folder of a recorded run, or one that holds some");
        if (File.Exists(Path.Combine(argument, Machine)))
            return [argument];
        try
        {
            EnumerationOptions options = new() { RecurseSubdirectories = true, MaxRecursionDepth = DepthMax, IgnoreInaccessible = true };
            string[] runs = [.. Directory.EnumerateFiles(argument, Machine, options).Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal)];
            return runs.Length > 0 ? runs : throw new InputException(argument, $"holds no recorded run; a run's folder has a {Machine}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(argument, $"cannot be read: {e.Message.TrimEnd('.')}");
        }
    }
}
