using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Shell.Docker;
using StorageLab.Shell.Posix.Execution;
using StorageLab.Shell.Posix.Syntax;

namespace StorageLab.Shell.Sessions;

/// <summary>An interactive shell: a session, and what was typed in it so far, so that it can be done again.</summary>
/// <remarks>Undo, and another driver, are the same thing: a fresh host, and the history on it. The model is deterministic, so the host comes out
/// as it was.</remarks>
public sealed class LabShell
{
    private const string FileName = "shell";

    private readonly Scenario _scenario;
    private readonly IImageSource _images;
    private readonly List<HistoryEntry> _history = [];

    /// <summary>Opens a session and does the scenario's steps on it.</summary>
    /// <exception cref="ArgumentException">The host cannot hold the driver.</exception>
    public LabShell(Scenario scenario, VariantSpec variant, IImageSource images)
    {
        _scenario = scenario;
        _images = images;
        Session = Rebuild(variant);
        Before = HostSnapshot.Of(Session);
    }

    public LabSession Session { get; private set; }

    /// <summary>The host before the last command.</summary>
    public HostSnapshot Before { get; private set; }

    public IReadOnlyList<HistoryEntry> History => _history;

    /// <summary>Drivers the shell can switch to.</summary>
    public ImmutableArray<VariantSpec> Variants => _scenario.Variants;

    /// <summary>Hosts, drivers and the steps that came first.</summary>
    public Scenario Scenario => _scenario;

    /// <summary>Runs lines that are whole commands.</summary>
    /// <returns>The exit status.</returns>
    /// <exception cref="ScriptException">They cannot be read, or ask for what the lab does not support; then nothing has changed.</exception>
    /// <exception cref="OperationCanceledException">They were interrupted; then nothing has changed.</exception>
    public int Run(string lines, ShellStreams streams, CancellationToken cancellation)
    {
        ScriptText text = ScriptText.Of(FileName, lines);
        ImmutableArray<ScriptCommand> commands = ScriptParser.Parse(text);
        new ScriptCheck(Session.Commands, text).Check(commands);
        HostSnapshot before = HostSnapshot.Of(Session);
        RecordingReader input = new(streams.Input);
        int status;
        try
        {
            status = Run(Session, text, commands, streams with { Input = input }, cancellation);
        }
        catch (Exception e) when (e is ScriptException or OperationCanceledException)
        {
            // What ran before is undone, so that a line happens as a whole or not at all.
            Session = Rebuild(Session.Variant);
            throw;
        }

        Before = before;
        _ = Session.TakeSamples();
        _history.Add(new HistoryEntry(lines, input.Text));
        return status;
    }

    /// <summary>Takes back the last command that ran.</summary>
    /// <returns>What it was; null when there is none.</returns>
    public string? Undo()
    {
        if (_history.Count == 0)
            return null;
        string undone = _history[^1].Text;
        _history.RemoveAt(_history.Count - 1);
        SwitchTo(Session.Variant);
        return undone;
    }

    /// <summary>Takes everything back.</summary>
    public void Reset()
    {
        _history.Clear();
        SwitchTo(Session.Variant);
    }

    /// <summary>Does everything that was typed on another driver.</summary>
    /// <exception cref="ArgumentException">The host cannot hold the driver; the session stays as it is.</exception>
    public void SwitchTo(VariantSpec variant)
    {
        Session = Rebuild(variant);
        Before = HostSnapshot.Of(Session);
    }

    /// <summary>Does everything on a driver of its own: the samples, the daemon's start first, as they are taken.</summary>
    public IEnumerable<Sample> Replay(VariantSpec variant, CancellationToken cancellation) =>
        Replay(new LabSession(_scenario, variant, _images), cancellation);

    private LabSession Rebuild(VariantSpec variant)
    {
        LabSession session = new(_scenario, variant, _images);
        foreach (Sample _ in Replay(session, CancellationToken.None))
        {
            // Only the host that comes out of it counts.
        }

        return session;
    }

    private IEnumerable<Sample> Replay(LabSession session, CancellationToken cancellation)
    {
        foreach (Sample sample in session.TakeSamples())
            yield return sample;
        foreach (Step step in _scenario.Steps)
        {
            if (cancellation.IsCancellationRequested)
                yield break;
            _ = session.Do(step);
            foreach (Sample sample in session.TakeSamples())
                yield return sample;
        }

        foreach (HistoryEntry entry in _history)
        {
            if (cancellation.IsCancellationRequested)
                yield break;
            ScriptText text = ScriptText.Of(FileName, entry.Text);
            ShellStreams streams = new(new StringReader(entry.Input), TextWriter.Null, TextWriter.Null);
            _ = Run(session, text, ScriptParser.Parse(text), streams, cancellation);
            foreach (Sample sample in session.TakeSamples())
                yield return sample;
        }
    }

    private static int Run(LabSession session, ScriptText text, ImmutableArray<ScriptCommand> commands, ShellStreams streams, CancellationToken cancellation)
    {
        int status = session.State.Status;
        foreach (ScriptCommand command in commands)
        {
            status = session.Run(command.Node, text, streams, cancellation);
            if (session.State.Flow == ShellFlow.Exit)
                break;
        }

        return status;
    }
}
