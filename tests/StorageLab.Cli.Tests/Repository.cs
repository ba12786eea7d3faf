namespace StorageLab.Cli.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The command as its own project built it, in the configuration of these tests: what a user runs.</summary>
    public static string Program { get; } = Path.Combine(
        Root, "src/StorageLab.Cli", Path.GetRelativePath(Path.Combine(Root, "tests/StorageLab.Cli.Tests"), AppContext.BaseDirectory), "storagelab.dll");

    /// <summary>C# files below a folder of the checkout that a person wrote.</summary>
    public static IEnumerable<string> SourcesUnder(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Directory.Packages.props")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("the tests do not run inside a checkout");
    }
}
