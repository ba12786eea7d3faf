using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Completions;
using StorageLab.Cli.Sessions;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;
using StorageLab.Shell.Docker;
using StorageLab.Shell.Posix.Execution;
using StorageLab.Shell.Posix.Syntax;
using StorageLab.Shell.Sessions;

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
        IImageSource images = SessionStart.ImagesOf(scenario);
        // Opened before anything runs, so that a host that cannot hold its driver is found at once.
        ImmutableArray<LabSession> sessions = [.. scenario.Variants.Select(variant => SessionStart.Guard(variant, () => new LabSession(scenario, variant, images)))];
        try
        {
            ScriptText text = new ScriptReader(sessions[0].Commands.Knows).Read(path, content);
            ImmutableArray<ScriptCommand> commands = ScriptParser.Parse(text);
            new ScriptCheck(sessions[0].Commands, text).Check(commands);
            ImmutableArray<ScriptReplay> replays = [.. sessions.Select(session => new ScriptReplay(session, text, commands))];
            TranscriptPrinter printer = new(text, scenario.Variants, [.. replays.Select(replay => replay.Transcript)]);
            return await RunVerb.RunAsync(scenario, options, Replay, () => PrintTranscript(printer));

            IEnumerable<Sample> Replay(Scenario replayed, VariantSpec variant, CancellationToken stop) =>
                replays[replayed.Variants.IndexOf(variant)].Run(replayed.Steps, stop);
        }
        catch (ScriptException e)
        {
            throw new InputException([e.Problem]);
        }
    }

    private static void PrintTranscript(TranscriptPrinter printer)
    {
        printer.Print(Console.Out);
        Console.Out.WriteLine();
    }

    /// <summary>A script that begins with a comment is called by it.</summary>
    private static string TitleOf(string content, string name)
    {
        string? comment = content.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && !line.StartsWith("#!", StringComparison.Ordinal));
        return comment is { Length: > 2 and < 120 } && comment.StartsWith("# ", StringComparison.Ordinal) ? comment[2..].Trim() : name;
    }
}
