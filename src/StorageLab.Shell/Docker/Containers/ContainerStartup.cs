using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Processes;

namespace StorageLab.Shell.Docker.Containers;

/// <summary>Starts containers and runs their programs.</summary>
internal static class ContainerStartup
{
    private const string OciPrefix = "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ";
    private const int DaemonExitCode = 125;
    private const int NotFoundExitCode = 127;
    private const int NotExecutableExitCode = 126;

    /// <summary>Those a host has by itself.</summary>
    private static readonly string[] Networks = ["bridge", "default", "host", "none"];

    /// <summary>Starts a container; its program does its work, and ends or runs on.</summary>
    /// <param name="streams">What it reads and writes.</param>
    /// <param name="waits">Whether the command waits for its end, so that what it sleeps passes on the host.</param>
    /// <param name="outcome">How the start went.</param>
    /// <returns>The exit code: the program's, or the runtime's when it could not start it.</returns>
    /// <exception cref="CommandException">It would have to wait for ever.</exception>
    public static int Start(Invocation call, Container container, ShellStreams streams, bool waits, out DockerOutcome outcome)
    {
        outcome = Networks.Contains(container.NetworkMode) || container.NetworkMode.StartsWith("container:", StringComparison.Ordinal)
            ? call.Engine.Start(container)
            : DockerOutcome.Refused($"network {container.NetworkMode} not found");
        if (!outcome.IsOk)
            return DaemonExitCode;
        ContainerProgram program = new(call.Host, container);
        string[] words = [.. container.Configuration.Process];
        string? problem = words.Length == 0 ? "no command specified" : program.Problem(words[0]);
        if (problem is not null)
        {
            _ = call.Engine.Abort(container);
            container.ExitCode = problem.Contains("not found", StringComparison.Ordinal) || problem.Contains("no such", StringComparison.Ordinal)
                ? NotFoundExitCode
                : NotExecutableExitCode;
            outcome = DockerOutcome.Refused($"{OciPrefix}{problem}: unknown");
            return container.ExitCode;
        }

        ProgramEnd end = program.Run(words, streams, readsInput: waits && container.Configuration.OpensInput);
        bool isOpenShell = container.Configuration is { OpensInput: true, IsTty: true } && !waits && end is { SleepNanoseconds: 0, RunsOn: false } && words.Length == 1;
        container.ExitCode = end.ExitCode;
        if (end.RunsOn || isOpenShell)
            return waits ? StayRefused(call, container) : 0;
        if (end.SleepNanoseconds > 0 && !waits)
        {
            container.Ends = call.Host.Now.AddNanoseconds(end.SleepNanoseconds);
            return 0;
        }

        call.Host.Lab.Machine.PassTimeUntil(call.Host.Lab.Machine.Clock.NowNanoseconds + end.SleepNanoseconds);
        outcome = call.Engine.Stop(container, end.ExitCode);
        return end.ExitCode;
    }

    /// <summary>Removes a container that was to go at its end, with its anonymous volumes.</summary>
    public static void RemoveAtEnd(Invocation call, Container container)
    {
        if (!container.IsRemovedAtEnd || container.IsRunning)
            return;
        _ = call.Engine.RemoveContainer(container.Id, force: false);
        ContainerRemove.RemoveAnonymousVolumes(call.Engine, container);
    }

    private static int StayRefused(Invocation call, Container container)
    {
        call.Complain($"storagelab: {container.Name} runs until it is stopped; the shell does not wait for it (docker run -d says so beforehand)");
        return 0;
    }
}
