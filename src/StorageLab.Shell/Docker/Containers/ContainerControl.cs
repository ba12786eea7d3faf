using System.Text.RegularExpressions;
using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Containers;

/// <summary><c>docker start</c>, <c>stop</c>, <c>restart</c>, <c>kill</c>, <c>wait</c> and <c>rename</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/container/start.go, stop.go, restart.go, kill.go, wait.go and rename.go.</remarks>
internal static partial class ContainerControl
{
    public static DockerCommand BuildStart(string path) => new(path, ArgumentCount.AtLeast(1), RunStart);

    public static DockerCommand BuildStop(string path) => new(path, ArgumentCount.AtLeast(1), call => call.ForEachArgument("stop", name => Stop(call, name)));

    public static DockerCommand BuildRestart(string path) => new(path, ArgumentCount.AtLeast(1), call => call.ForEachArgument("restart", name =>
    {
        DockerOutcome stopped = Stop(call, name);
        return stopped.IsOk ? Start(call, name) : stopped;
    }));

    public static DockerCommand BuildKill(string path) => new(path, ArgumentCount.AtLeast(1), call => call.ForEachArgument("kill", name =>
    {
        Container? container = call.Engine.Containers.Find(name, out DockerOutcome refusal);
        if (call.Flags.IsGiven("signal") && call.Flags.Text("signal") is var signal && !Signal().IsMatch(signal))
            return DockerOutcome.Refused($"Invalid signal: {signal}");
        if (container is null)
            return DockerOutcome.Refused($"Cannot kill container: {name}: No such container: {name}");
        return container.IsRunning ? Stop(call, name) : DockerOutcome.Refused($"Cannot kill container: {name}: Container {container.Id} is not running");
    }));

    public static DockerCommand BuildWait(string path) => new(path, ArgumentCount.AtLeast(1), RunWait);

    public static DockerCommand BuildRename(string path) => new(path, ArgumentCount.Exactly(2), RunRename);

    private static int RunStart(Invocation call)
    {
        if (call.Flags.Is("attach") || call.Flags.Is("interactive"))
            return StartAttached(call);
        List<string> failed = [];
        foreach (string name in call.Arguments)
        {
            DockerOutcome outcome = Start(call, name);
            call.Did("start", string.Join(' ', call.Arguments), outcome);
            if (outcome.IsOk)
            {
                call.WriteLine(name);
                continue;
            }

            call.Complain(outcome.Error);
            failed.Add(name);
        }

        return failed.Count > 0 ? throw new CommandException($"Error: failed to start containers: {string.Join(", ", failed)}") : 0;
    }

    private static int StartAttached(Invocation call)
    {
        if (call.Arguments.Count > 1)
            throw new CommandException("you cannot start and attach multiple containers at once");
        Container? container = call.Engine.Containers.Find(call.Arguments[0], out DockerOutcome refusal);
        Invocation.Demand(refusal.NamedAsTyped("container", call.Arguments[0]));
        if (container!.IsRunning)
            return 0;
        int exitCode = ContainerStartup.Start(call, container, call.Streams, waits: true, out DockerOutcome outcome);
        call.DemandDone("start", container.Name, outcome);
        ContainerStartup.RemoveAtEnd(call, container);
        return exitCode;
    }

    private static DockerOutcome Start(Invocation call, string name)
    {
        if (call.Engine.Containers.Find(name, out DockerOutcome refusal) is not { } container)
            return refusal;
        if (container.IsRunning)
            return DockerOutcome.Ok;
        ShellStreams nowhere = new(TextReader.Null, TextWriter.Null, TextWriter.Null);
        _ = ContainerStartup.Start(call, container, nowhere, waits: false, out DockerOutcome outcome);
        ContainerStartup.RemoveAtEnd(call, container);
        return outcome;
    }

    private static DockerOutcome Stop(Invocation call, string name)
    {
        if (call.Engine.Containers.Find(name, out DockerOutcome refusal) is not { } container)
            return refusal;
        if (!container.IsRunning)
            return DockerOutcome.Ok;
        DockerOutcome outcome = call.Engine.Stop(container.Id);
        ContainerStartup.RemoveAtEnd(call, container);
        return outcome;
    }

    private static int RunWait(Invocation call)
    {
        List<string> errors = [];
        foreach (string name in call.Arguments)
        {
            Container? container = call.Engine.Containers.Find(name, out DockerOutcome refusal);
            if (container is null)
            {
                errors.Add(refusal.Error);
                continue;
            }

            if (container is { IsRunning: true, Ends.IsNever: true })
                throw new CommandException($"storagelab: {name} runs until it is stopped; waiting for it would never end");
            if (container.IsRunning)
            {
                call.Host.Lab.Machine.PassTimeUntil(call.Host.Lab.Machine.Clock.NowNanoseconds + (container.Ends.UnixNanoseconds - call.Host.Now.UnixNanoseconds));
                call.Did("wait", name, call.Engine.Stop(container, container.ExitCode));
            }

            call.WriteLine(container.ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
            ContainerStartup.RemoveAtEnd(call, container);
        }

        return errors.Count > 0 ? throw new CommandException(string.Join('\n', errors)) : 0;
    }

    private static int RunRename(Invocation call)
    {
        (string name, string newName) = (call.Arguments[0], call.Arguments[1]);
        Container? container = call.Engine.Containers.Find(name, out DockerOutcome refusal);
        if (container is not null && call.Engine.Containers.TryGet(newName, out Container? other))
        {
            refusal = DockerOutcome.Refused($"Error when allocating new name: Conflict. The container name \"/{newName}\" is already in use by container "
                + $"\"{other!.Id}\". You have to remove (or rename) that container to be able to reuse that name.");
        }

        if (!refusal.IsOk)
        {
            call.Complain(refusal.Error);
            throw new CommandException($"Error: failed to rename container named {name}");
        }

        call.Engine.Containers.Rename(container!, newName);
        return 0;
    }

    /// <summary>A number or a name of a signal, with or without SIG (vendored moby/sys/signal).</summary>
    [GeneratedRegex(@"^(\d{1,2}|(SIG)?(ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ|RTM(IN|AX)([+-]\d{1,2})?))$", RegexOptions.IgnoreCase)]
    private static partial Regex Signal();
}
