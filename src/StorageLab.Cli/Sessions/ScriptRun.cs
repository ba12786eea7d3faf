using System.Collections.Immutable;
using StorageLab.Cli.Verbs;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Reports;
using StorageLab.Shell.Docker;
using StorageLab.Shell.Posix.Execution;
using StorageLab.Shell.Posix.Syntax;
using StorageLab.Shell.Sessions;

namespace StorageLab.Cli.Sessions;

/// <summary>A script on every driver of a scenario.</summary>
internal sealed class ScriptRun
{
    private readonly Scenario _scenario;
    private readonly ImmutableArray<ScriptReplay> _replays;
    private readonly TranscriptPrinter _printer;

    private ScriptRun(Scenario scenario, ScriptText text, ImmutableArray<ScriptReplay> replays)
    {
        _scenario = scenario;
        _replays = replays;
        _printer = new TranscriptPrinter(text, scenario.Variants, [.. replays.Select(replay => replay.Transcript)]);
    }

    /// <summary>Installs the hosts and reads the script, so that what is wrong with either is found before anything runs.</summary>
    /// <param name="path">Names the script in messages.</param>
    /// <exception cref="Scenarios.InputException">A host cannot hold its driver.</exception>
    /// <exception cref="ScriptException">The script cannot be read, or asks for what the lab does not support.</exception>
    public static ScriptRun Open(Scenario scenario, string path, string content)
    {
        IImageSource images = SessionStart.ImagesOf(scenario);
        ImmutableArray<LabSession> sessions =
            [.. scenario.Variants.Select(variant => SessionStart.Guard(variant, () => new LabSession(scenario, variant, images)))];
        ScriptText text = new ScriptReader(sessions[0].Commands.Knows).Read(path, content);
        ImmutableArray<ScriptCommand> commands = ScriptParser.Parse(text);
        new ScriptCheck(sessions[0].Commands, text).Check(commands);
        return new ScriptRun(scenario, text, [.. sessions.Select(session => new ScriptReplay(session, text, commands))]);
    }

    /// <summary>Runs it on one driver; the samples come as they are taken.</summary>
    public IEnumerable<Sample> Replay(VariantSpec variant, VariantRecorder maps, CancellationToken stop)
    {
        ScriptReplay replay = _replays[_scenario.Variants.IndexOf(variant)];
        return RunVerb.WithMaps(replay.Run(_scenario.Steps, stop), replay.Session.Host, maps);
    }

    /// <summary>Prints the commands with what they wrote and did so far.</summary>
    public void Print(TextWriter output) => _printer.Print(output);
}
