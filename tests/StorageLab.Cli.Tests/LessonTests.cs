using System.Text.RegularExpressions;
using StorageLab.Cli.Sessions;
using StorageLab.Model.Replay;
using StorageLab.Reports;
using StorageLab.Scenarios;
using Xunit;

namespace StorageLab.Cli.Tests;

public sealed partial class LessonTests
{
    /// <summary>Set to 1, the lessons' outputs are written anew instead of compared: for a change of the model that was meant.</summary>
    private const string UpdateVariable = "STORAGELAB_UPDATE_LESSONS";

    private static string Folder => Path.Combine(Repository.Root, "scenarios/lessons");

    public static TheoryData<string> Names => [.. ScenarioLibrary.Shipped.LessonNames];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_lesson_shows_what_its_text_promises(string name)
    {
        string path = Path.Combine(Folder, name + ".sh");
        Scenario scenario = new ScenarioReader(ScenarioLibrary.Shipped).Default(name, name, ScenarioOverrides.None) with { IsOpenEnded = true };
        ScriptRun run = ScriptRun.Open(scenario, path, File.ReadAllText(path));
        DirectoryInfo folder = Directory.CreateTempSubdirectory("storagelab-lesson-");
        using (RunReport report = new(folder.FullName, scenario))
        {
            for (var index = 0; index < scenario.Variants.Length; index++)
                _ = run.Replay(scenario.Variants[index], report[index], CancellationToken.None).Count();
        }

        folder.Delete(recursive: true);
        StringWriter output = new();
        run.Print(output);
        // What each driver has of the disk is held by the recorded runs; here it is what Docker prints.
        string shown = DiskLine().Replace(output.ToString(), "");
        string expected = Path.Combine(Repository.Root, "tests/StorageLab.Cli.Tests/Lessons", name + ".txt");
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
            File.WriteAllText(expected, shown);
        Assert.Equal(File.ReadAllText(expected), shown);
    }

    [Fact]
    public void There_is_a_lesson_for_every_chapter() => Assert.Equal(
        [
            "01-names-and-pulls", "02-sizes", "03-shared-layers", "04-dangling", "05-intermediate-images", "06-filters", "07-formats", "08-removal",
            "09-untagged-and-deleted", "10-who-depends-on-what", "11-batch-removal", "12-loop-lvm",
        ],
        ScenarioLibrary.Shipped.LessonNames);

    [GeneratedRegex(@"^# [a-z0-9-]+( dm\.\S+)? +\S+ \S+ allocated.*\n", RegexOptions.Multiline)]
    private static partial Regex DiskLine();
}
