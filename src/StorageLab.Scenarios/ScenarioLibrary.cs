using System.Collections.Immutable;
using StorageLab.Model.Text;

namespace StorageLab.Scenarios;

/// <summary>The scenarios, disk profiles and images that are shipped with the program, in the folder <c>scenarios</c> beside it.</summary>
public sealed class ScenarioLibrary(string folder)
{
    private const string Extension = ".yaml";

    /// <summary>The library beside the running program.</summary>
    public static ScenarioLibrary Shipped { get; } = new(Path.Combine(AppContext.BaseDirectory, "scenarios"));

    public string Folder { get; } = folder;

    public string CatalogFolder => Path.Combine(Folder, "images");

    /// <summary>Names of the shipped scenarios, in alphabetical order.</summary>
    public ImmutableArray<string> ScenarioNames => NamesIn(Folder);

    /// <summary>Names of the shipped disk profiles, in alphabetical order.</summary>
    public ImmutableArray<string> ProfileNames => NamesIn(Path.Combine(Folder, "profiles"));

    /// <summary>Finds a scenario's file by a shipped name, or by a path.</summary>
    /// <exception cref="InputException">There is neither; the message names the nearest.</exception>
    public string FindScenario(string nameOrPath)
    {
        if (ScenarioNames.Contains(nameOrPath))
            return Path.Combine(Folder, nameOrPath + Extension);
        if (File.Exists(nameOrPath))
            return nameOrPath;
        if (Directory.Exists(nameOrPath))
            throw new InputException(nameOrPath, "is a folder; give a scenario's file or name");
        throw new InputException(nameOrPath, $"there is no scenario of that name and no such file; {Hint(nameOrPath, ScenarioNames)}");
    }

    /// <summary>Finds a disk profile's file by a shipped name, or by a path relative to <paramref name="baseFolder"/>.</summary>
    /// <returns>Null when there is neither.</returns>
    internal string? FindProfile(string nameOrPath, string baseFolder)
    {
        if (ProfileNames.Contains(nameOrPath))
            return Path.Combine(Folder, "profiles", nameOrPath + Extension);
        string path = Path.Combine(baseFolder, nameOrPath);
        return File.Exists(path) ? path : null;
    }

    private static string Hint(string word, ImmutableArray<string> names)
    {
        string stem = Path.GetFileNameWithoutExtension(word);
        return NearestWord.Find(stem, names) is { } nearest ? $"did you mean {nearest}?" : $"shipped are {string.Join(", ", names)}";
    }

    private static ImmutableArray<string> NamesIn(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*" + Extension).Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)]
        : [];
}
