using System.Collections.Immutable;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Recorded;
using StorageLab.Shell.Docker;
using StorageLab.Shell.Docker.Daemon;
using StorageLab.Shell.Posix.Syntax;
using StorageLab.Shell.Sessions;

namespace StorageLab.Shell.Transcripts;

/// <summary>Replays the commands that were typed on a recorded host on the model, and compares what both answered.</summary>
public static class TranscriptValidation
{
    /// <summary>Does the run's steps, then its transcripts' commands in order; each command is a shell of its own, as it was recorded.</summary>
    /// <exception cref="ArgumentException">The recorded machine cannot hold the driver.</exception>
    public static ImmutableArray<CommandVerdict> Of(RecordedRun run, CancellationToken cancellation)
    {
        if (run.Transcripts.IsEmpty)
            return [];
        HostFacts facts = HostFacts.Parse(run.DockerInfo, run.Variant.Host);
        LabSession session = new(run.Scenario, run.Variant, new RecordedImageSource(run.Images), facts);
        foreach ((Step step, int index) in run.Scenario.Steps.Select((step, index) => (step, index + 1)))
        {
            session.Host.Machine.PassTimeUntil(run.Conditions[index].StartNanoseconds);
            _ = session.Do(step);
            session.Host.Machine.PassTimeUntil(run.Conditions[index].EndNanoseconds);
        }

        TranscriptComparison comparison = new(run.Images, session.Docker);
        ImmutableArray<CommandVerdict>.Builder verdicts = ImmutableArray.CreateBuilder<CommandVerdict>();
        foreach (RecordedTranscript transcript in run.Transcripts)
        {
            foreach (RecordedCommand command in transcript.Commands)
            {
                (string output, int exitCode) = Run(session, command.Text, cancellation);
                _ = session.TakeSamples();
                verdicts.Add(comparison.Compare(transcript, command, output, exitCode));
            }
        }

        return verdicts.ToImmutable();
    }

    private static (string Output, int ExitCode) Run(LabSession session, string command, CancellationToken cancellation)
    {
        session.Docker.UnknownImages.Clear();
        StringWriter output = new();
        try
        {
            int exitCode = session.RunApart(command, new ShellStreams(TextReader.Null, output, output) { IsInputRedirected = true, IsOutputRedirected = true }, cancellation);
            return (output.ToString(), exitCode);
        }
        catch (ScriptException e)
        {
            return ($"{output}{e.Problem.Message}\n", 2);
        }
    }
}
