using System.Collections.Immutable;
using StorageLab.Model.Text;

namespace StorageLab.Scenarios;

/// <summary>The scenarios, disk profiles and images that are shipped with the program, in the folder <c>scenarios</c> beside it.</summary>
public sealed class ScenarioLibrary(string folder)
{
    private const string Extension = ".yaml";
    private const string ScriptExtension = ".sh";

    /// <summary>The library beside the running program.</summary>
    public static ScenarioLibrary Shipped { get; } = new(Path.Combine(AppContext.BaseDirectory, "scenarios"));

    public string Folder { get; } = folder;

    public string CatalogFolder => Path.Combine(Folder, "images");

    private string LessonFolder => Path.Combine(Folder, "lessons");

    /// <summary>Names of the shipped scenarios, in alphabetical order.</summary>
    public ImmutableArray<string> ScenarioNames => NamesIn(Folder, Extension);

    /// <summary>Names of the shipped disk profiles, in alphabetical order.</summary>
    public ImmutableArray<string> ProfileNames => NamesIn(Path.Combine(Folder, "profiles"), Extension);

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

    /// <summary>Names of the shipped lessons, in alphabetical order.</summary>
    public ImmutableArray<string> LessonNames => NamesIn(LessonFolder, ScriptExtension);

    /// <summary>Finds a script's file by a shipped lesson's name, or by a path.</summary>
    /// <exception cref="InputException">There is neither; the message names the nearest.</exception>
    public string FindScript(string nameOrPath)
    {
        if (LessonNames.Contains(nameOrPath))
            return Path.Combine(LessonFolder, nameOrPath + ScriptExtension);
        return File.Exists(nameOrPath)
            ? nameOrPath
            : throw new InputException(nameOrPath, Directory.Exists(nameOrPath)
                ? "is a folder; give a script's file or a lesson's name"
                : $"there is no lesson of that name and no such file; {Hint(nameOrPath, LessonNames)}");
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

    private static ImmutableArray<string> NamesIn(string folder, string extension) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*" + extension).Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)]
        : [];
}
