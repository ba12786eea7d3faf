using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Shell.Docker;
using StorageLab.Shell.Docker.Daemon;
using StorageLab.Shell.Host;
using StorageLab.Shell.Posix.Commands;
using StorageLab.Shell.Posix.Execution;
using StorageLab.Shell.Posix.Syntax;

namespace StorageLab.Shell.Sessions;

/// <summary>A shell on one lab host: commands run on it as scenarios' steps do, and every one that changes something is sampled.</summary>
public sealed class LabSession
{
    private readonly StepRunner _steps;
    private readonly StepSampler _sampler;
    private readonly DockerCommandLine _docker;
    private readonly List<Sample> _samples = [];
    private int _stepCount;

    /// <summary>Installs the host, stacks the driver on it, starts the daemon and takes sample 0.</summary>
    /// <param name="scenario">Its name, seed and names of paths; its steps are not done.</param>
    /// <param name="facts">What docker info says of the machine; null for a lab host's own.</param>
    /// <exception cref="ArgumentException">The host cannot hold the driver.</exception>
    public LabSession(Scenario scenario, VariantSpec variant, IImageSource images, HostFacts? facts = null)
    {
        Host = new LabHost(variant, scenario.Seed, scenario.Names);
        Docker = new DockerHost(Host, images, facts);
        _steps = new StepRunner(Host);
        _sampler = new StepSampler(Host, scenario.Name);
        _docker = new DockerCommandLine(Docker);
        HostCommands host = new(Host, () => DateTimeOffset.FromUnixTimeSeconds(Docker.Now.UnixSeconds), Do);
        State = new ShellState(new VirtualFiles()) { IsArchive = Docker.HasArchive };
        Commands = PosixCommands.With([.. host.All, new("docker", Prepare), new("registry", new RegistryCommand(Docker).Prepare), new("tar", new TarCommand(Docker).Prepare)]);
        Host.Driver.Sync();
        Add(_sampler.Take(0, "daemon-start", "", DockerOutcome.Ok));
    }

    public VariantSpec Variant => Host.Variant;

    public LabHost Host { get; }

    public DockerHost Docker { get; }

    public CommandTable Commands { get; }

    public ShellState State { get; }

    /// <summary>The host after the last step.</summary>
    public Sample Last { get; private set; } = null!;

    /// <summary>Samples taken since this was last asked for.</summary>
    public ImmutableArray<Sample> TakeSamples()
    {
        ImmutableArray<Sample> taken = [.. _samples];
        _samples.Clear();
        return taken;
    }

    /// <summary>Does a scenario's step.</summary>
    public DockerOutcome Do(Step step)
    {
        _sampler.Begin();
        DockerOutcome outcome = _steps.Do(step, out string operation, out string target);
        Host.Driver.Sync();
        Add(_sampler.Take(++_stepCount, operation, target, outcome));
        return outcome;
    }

    /// <summary>Runs a command of a script.</summary>
    /// <returns>Its exit status.</returns>
    /// <exception cref="ScriptException">It asks for what the lab does not support; what it did before that is done.</exception>
    public int Run(ShellNode node, ScriptText text, ShellStreams streams, CancellationToken cancellation) =>
        new ShellInterpreter(Commands, State, text, cancellation).Run(node, streams);

    /// <summary>Runs a script as a shell of its own does: it shares the files, and nothing that it sets stays.</summary>
    /// <returns>The status of its last command.</returns>
    /// <exception cref="ScriptException">It cannot be read, or asks for what the lab does not support.</exception>
    public int RunApart(string script, ShellStreams streams, CancellationToken cancellation)
    {
        ScriptText text = ScriptText.Of("sh", script);
        ShellState state = new(State.Files) { IsArchive = State.IsArchive };
        ShellInterpreter interpreter = new(Commands, state, text, cancellation);
        var status = 0;
        foreach (ScriptCommand command in ScriptParser.Parse(text))
        {
            status = interpreter.Run(command.Node, streams);
            if (state.Flow == ShellFlow.Exit)
                break;
        }

        return status;
    }

    private int Do(Step step, TextWriter error)
    {
        DockerOutcome outcome = Do(step);
        if (!outcome.IsOk)
            error.Write(outcome.Error + "\n");
        return outcome.IsOk ? 0 : 1;
    }

    private CommandRun Prepare(ImmutableArray<string> arguments) => call =>
    {
        Docker.Shell = call.State;
        _sampler.Begin();
        int status = _docker.Run(arguments, call.Streams);
        if (Docker.Step is { } step)
            Add(_sampler.Take(++_stepCount, step.Operation, step.Target, step.Outcome));
        return status;
    };

    private void Add(Sample sample)
    {
        Last = sample;
        _samples.Add(sample);
    }
}
