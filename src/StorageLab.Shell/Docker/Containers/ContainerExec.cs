using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Processes;

namespace StorageLab.Shell.Docker.Containers;

/// <summary><c>docker exec</c>: another process in a running container.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/container/exec.go.</remarks>
internal static class ContainerExec
{
    private const string OciPrefix = "OCI runtime exec failed: exec failed: unable to start container process: ";
    private const int NotExecutableExitCode = 126;

    public static DockerCommand Build(string path) => new(path, ArgumentCount.AtLeast(2), Run) { StopsAtFirstArgument = true };

    private static int Run(Invocation call)
    {
        string name = call.Arguments[0];
        Container? container = call.Engine.Containers.Find(name, out DockerOutcome refusal);
        if (container is { IsRunning: false })
            refusal = DockerOutcome.Refused($"Container {container.Id} is not running");
        call.DemandDone("exec", name, refusal.NamedAsTyped("container", name));
        ContainerProgram program = new(
            call.Host, container!,
            call.Flags.Texts("env").Select(entry => entry.Split('=', 2)).Where(pair => pair.Length > 1).Select(pair => KeyValuePair.Create(pair[0], pair[1])),
            call.Flags.IsGiven("workdir") ? call.Flags.Text("workdir") : null);
        if (program.Problem(call.Arguments[1]) is { } problem)
        {
            // It comes through the process's own stream, as a terminal would have it.
            call.WriteLine($"{OciPrefix}{problem}: unknown\r");
            return NotExecutableExitCode;
        }

        bool isDetached = call.Flags.Is("detach");
        ShellStreams streams = isDetached ? new ShellStreams(TextReader.Null, TextWriter.Null, TextWriter.Null) : call.Streams;
        ProgramEnd end = program.Run([.. call.Arguments.Skip(1)], streams, call.Flags.Is("interactive"));
        if (isDetached)
            return 0;
        if (end.RunsOn)
            throw new CommandException($"storagelab: {call.Arguments[1]} would run until it is interrupted; docker exec -d starts it beside");
        call.Host.Lab.Machine.PassTimeUntil(call.Host.Lab.Machine.Clock.NowNanoseconds + end.SleepNanoseconds);
        return end.ExitCode;
    }
}
