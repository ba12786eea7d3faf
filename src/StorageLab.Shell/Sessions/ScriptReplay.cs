using System.Collections.Immutable;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Shell.Posix.Execution;
using StorageLab.Shell.Posix.Syntax;

namespace StorageLab.Shell.Sessions;

/// <summary>Runs a script on a session, command by command.</summary>
public sealed class ScriptReplay(LabSession session, ScriptText text, ImmutableArray<ScriptCommand> script)
{
    private readonly List<CommandTranscript> _transcript = [];

    public LabSession Session => session;

    /// <summary>What the commands that have run so far wrote.</summary>
    public IReadOnlyList<CommandTranscript> Transcript => _transcript;

    /// <summary>Does the steps that come before the script, then its commands.</summary>
    /// <returns>The samples, the daemon's start first, as they are taken.</returns>
    /// <exception cref="ScriptException">A command asks for what the lab does not support.</exception>
    public IEnumerable<Sample> Run(IEnumerable<Step> before, CancellationToken cancellation)
    {
        foreach (Sample sample in session.TakeSamples())
            yield return sample;
        foreach (Step step in before)
        {
            if (cancellation.IsCancellationRequested)
                yield break;
            _ = session.Do(step);
            foreach (Sample sample in session.TakeSamples())
                yield return sample;
        }

        foreach (ScriptCommand command in script)
        {
            if (cancellation.IsCancellationRequested)
                yield break;
            Sample start = session.Last;
            StringWriter output = new();
            int status = session.Run(command.Node, text, new ShellStreams(TextReader.Null, output, output), cancellation);
            _transcript.Add(new CommandTranscript(command, output.ToString(), status, start, session.Last));
            foreach (Sample sample in session.TakeSamples())
                yield return sample;
            if (session.State.Flow == ShellFlow.Exit)
                yield break;
        }
    }
}
