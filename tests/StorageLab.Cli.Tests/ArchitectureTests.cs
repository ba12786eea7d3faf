using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace StorageLab.Cli.Tests;

public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("StorageLab.Model")]
    [InlineData("StorageLab.Scenarios", "StorageLab.Model")]
    [InlineData("StorageLab.Reports", "StorageLab.Model")]
    [InlineData("StorageLab.Host", "StorageLab.Model")]
    [InlineData("StorageLab.Advice", "StorageLab.Model")]
    [InlineData("StorageLab.Shell", "StorageLab.Model", "StorageLab.Scenarios")]
    [InlineData("storagelab", "StorageLab.Advice", "StorageLab.Host", "StorageLab.Model", "StorageLab.Reports", "StorageLab.Scenarios", "StorageLab.Shell")]
    public void Dependencies_point_one_way(string assembly, params string[] allowed)
    {
        IEnumerable<string> used = Assembly.Load(assembly).GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(name => name.StartsWith("StorageLab", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(used.Except(allowed));
    }

    [Fact]
    public void The_model_takes_nothing_from_packages_other_projects_or_the_outside_world()
    {
        XDocument project = XDocument.Load(Path.Combine(Repository.Root, "src/StorageLab.Model/StorageLab.Model.csproj"));
        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("ProjectReference"));
        string[] outside = ["System.Console", "System.IO.FileSystem", "System.Net", "System.Diagnostics.Process", "System.Runtime.InteropServices"];
        Assert.DoesNotContain(
            Assembly.Load("StorageLab.Model").GetReferencedAssemblies(),
            a => outside.Any(name => a.Name!.StartsWith(name, StringComparison.Ordinal) && a.Name != "System.Runtime.InteropServices"));
    }

    [Theory]
    [InlineData("DateTime.Now")]
    [InlineData("DateTime.UtcNow")]
    [InlineData("DateTimeOffset.Now")]
    [InlineData("DateTimeOffset.UtcNow")]
    [InlineData("Stopwatch")]
    [InlineData("Environment.")]
    [InlineData("Random.Shared")]
    [InlineData("new Random(")]
    [InlineData("Guid.NewGuid")]
    [InlineData("Console.")]
    [InlineData("File.")]
    public void The_model_asks_neither_clock_nor_chance_nor_files(string word) =>
        Assert.DoesNotContain(Repository.SourcesUnder("src/StorageLab.Model"), file =>
            File.ReadLines(file).Any(line => line.Split("//")[0].Contains(word, StringComparison.Ordinal) && IsWholeWord(line, word)));

    /// <summary>"DataFile." is no "File.".</summary>
    private static bool IsWholeWord(string line, string word)
    {
        int at = line.IndexOf(word, StringComparison.Ordinal);
        return at == 0 || (!char.IsLetterOrDigit(line[at - 1]) && line[at - 1] != '_' && line[at - 1] != '.');
    }
}
