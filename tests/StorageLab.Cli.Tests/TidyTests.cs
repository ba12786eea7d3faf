using System.Text.RegularExpressions;
using Xunit;

namespace StorageLab.Cli.Tests;

public sealed partial class TidyTests
{
    private const int LineCountMax = 500;

    private static readonly string[] Folders = ["src", "tests", "bench"];

    private static IEnumerable<string> Sources => Folders.SelectMany(Repository.SourcesUnder);

    [Fact]
    public void No_file_is_longer_than_one_reads_at_once() =>
        Assert.Empty(Sources.Where(file => File.ReadLines(file).Count() > LineCountMax).Select(Name));

    [Fact]
    public void A_file_holds_at_most_one_public_type_and_has_the_name_of_its_type() =>
        Assert.Empty(Repository.SourcesUnder("src").Where(file => Path.GetFileName(file) != "Program.cs").SelectMany(file =>
        {
            Match[] types = [.. TopLevelType().Matches(File.ReadAllText(file)).Cast<Match>()];
            string[] published = [.. types.Where(m => m.Value.StartsWith("public ", StringComparison.Ordinal)).Select(m => m.Groups["name"].Value).Distinct()];
            string expected = Path.GetFileNameWithoutExtension(file).Split('.')[0];
            bool isTidy = published.All(name => name == expected) && types.Any(m => m.Groups["name"].Value == expected);
            return isTidy ? Array.Empty<string>() : [$"{Name(file)}: {string.Join(", ", types.Select(m => m.Groups["name"].Value))}"];
        }));

    [Fact]
    public void Nothing_is_left_for_later()
    {
        // Written apart, so that this file does not find itself.
        string[] words = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception"];
        Assert.Empty(Sources.Where(file => words.Any(word => File.ReadAllText(file).Contains(word, StringComparison.Ordinal))).Select(Name));
    }

    [Fact]
    public void No_warning_is_switched_off_in_code() =>
        Assert.Empty(Sources.Where(file => File.ReadAllText(file).Contains("#pragma " + "warning", StringComparison.Ordinal)).Select(Name));

    [Fact]
    public void Every_project_has_its_lock_file() =>
        Assert.Empty(Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(project => !File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")))
            .Select(Name));

    private static string Name(string file) => Path.GetRelativePath(Repository.Root, file);

    /// <summary>Types that begin in the first column, which in files of one namespace are those that are not nested.</summary>
    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|readonly|partial|ref|unsafe) )*(?:class|struct|interface|enum|record(?: struct| class)?|delegate [\w<>?\[\], ]+) (?<name>\w+)(?=[\s(<:;{])", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
