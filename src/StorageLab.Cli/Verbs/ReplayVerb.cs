using System.CommandLine;
using System.CommandLine.Completions;
using StorageLab.Cli.Sessions;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;
using StorageLab.Shell.Posix.Syntax;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab replay</c>: a script of Docker's commands on every driver at once, with the tables and plots of a run.</summary>
internal static class ReplayVerb
{
    public static Command Build()
    {
        Argument<string> script = new("SCRIPT") { Description = "A file of Docker's commands, a terminal's transcript, or a lesson's name (see storagelab list lessons).", HelpName = "SCRIPT" };
        script.CompletionSources.Add(_ => ScenarioLibrary.Shipped.LessonNames.Select(name => new CompletionItem(name)));
        RunSettings settings = new();
        SessionStart start = new(settings);
        Command command = new("replay", "Run a script of docker commands on all drivers; print its output and what it did to the disk.") { script };
        start.AddTo(command);
        settings.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            string path = ScenarioLibrary.Shipped.FindScript(parsed.GetRequiredValue(script));
            string name = Path.GetFileNameWithoutExtension(path);
            string content = InputFile.ReadText(path);
            Scenario scenario = start.Read(parsed, name, TitleOf(content, name));
            return RunAsync(scenario, path, content, settings.Options(parsed, name));
        });
        return command;
    }

    private static async Task<int> RunAsync(Scenario scenario, string path, string content, RunOptions options)
    {
        try
        {
            ScriptRun run = ScriptRun.Open(scenario, path, content);
            return await RunVerb.RunAsync(scenario, options, (_, variant, maps, stop) => run.Replay(variant, maps, stop), () =>
            {
                run.Print(Console.Out);
                Console.Out.WriteLine();
            });
        }
        catch (ScriptException e)
        {
            throw new InputException([e.Problem]);
        }
    }

    /// <summary>A script that begins with a comment is called by it.</summary>
    internal static string TitleOf(string content, string name)
    {
        string? comment = content.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && !line.StartsWith("#!", StringComparison.Ordinal));
        return comment is { Length: > 2 and < 120 } && comment.StartsWith("# ", StringComparison.Ordinal) ? comment[2..].Trim() : name;
    }
}
