using StorageLab.Model.Images;

namespace StorageLab.Shell.Docker.CommandLine;

/// <summary>One call of a command.</summary>
/// <param name="Host">Where it works.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Streams">Where it reads and writes.</param>
internal sealed record Invocation(DockerHost Host, FlagValues Flags, ShellStreams Streams)
{
    public IReadOnlyList<string> Arguments => Flags.Arguments;

    public DockerEngine Engine => Host.Engine;

    public TextWriter Output => Streams.Output;

    public void WriteLine(string text) => Streams.Output.Write(text + "\n");

    public void Complain(string text) => Streams.Error.Write(text + "\n");

    /// <summary>Says what the command did to the host, for its sample: the first thing that failed, or that all went well.</summary>
    /// <param name="operation">A scenario's word for it.</param>
    /// <param name="target">What it was done to.</param>
    public void Did(string operation, string target, DockerOutcome outcome)
    {
        if (Host.Step is null || Host.Step.Outcome.IsOk)
            Host.Step = new DockerStep(operation, target, outcome);
    }

    /// <summary>As <see cref="Did"/>, and ends the command where it failed.</summary>
    /// <exception cref="CommandException">The daemon refused or failed.</exception>
    public void DemandDone(string operation, string target, DockerOutcome outcome)
    {
        Did(operation, target, outcome);
        Demand(outcome);
    }

    /// <exception cref="CommandException">The daemon refused or failed.</exception>
    public static void Demand(DockerOutcome outcome)
    {
        if (!outcome.IsOk)
            throw new CommandException(outcome.Error);
    }

    /// <summary>Does the same for every argument, goes on after those that are refused and says so at the end.</summary>
    /// <param name="operation">A scenario's word for it.</param>
    /// <param name="action">Does it to one.</param>
    /// <returns>0, or 1 when any was refused.</returns>
    public int ForEachArgument(string operation, Func<string, DockerOutcome> action)
    {
        List<string> errors = [];
        foreach (string argument in Arguments)
        {
            DockerOutcome outcome = action(argument);
            Did(operation, string.Join(' ', Arguments), outcome);
            if (outcome.IsOk)
                WriteLine(argument);
            else
                errors.Add(outcome.Error);
        }

        if (errors.Count > 0)
            Complain(string.Join('\n', errors));
        return errors.Count > 0 ? 1 : 0;
    }

    /// <summary>Asks before something is taken away; anything but y is no.</summary>
    /// <param name="warning">What is said before the question.</param>
    public bool IsConfirmed(string warning)
    {
        Output.Write($"{warning}\nAre you sure you want to continue? [y/N] ");
        return string.Equals(Streams.Input.ReadLine()?.Trim(), "y", StringComparison.OrdinalIgnoreCase);
    }
}
