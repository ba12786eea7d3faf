using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Containers;

/// <summary><c>docker run</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/container/run.go.</remarks>
internal static class ContainerRun
{
    private const int DaemonExitCode = 125;

    public static DockerCommand Build(string path) => new(path, ArgumentCount.AtLeast(1), Run) { StopsAtFirstArgument = true };

    private static int Run(Invocation call)
    {
        bool isDetached = call.Flags.Is("detach");
        if (!isDetached && call.Flags.Is("interactive") && call.Flags.Is("tty") && call.Streams.IsInputRedirected)
            throw new CommandException("the input device is not a TTY");
        Container container;
        try
        {
            container = ContainerOptions.Create(call);
        }
        catch (CommandException e)
        {
            throw new CommandException($"docker: {e.Message.TrimEnd('.')}.\nSee 'docker run --help'.", DaemonExitCode);
        }

        ShellStreams streams = isDetached ? new ShellStreams(TextReader.Null, TextWriter.Null, TextWriter.Null) : call.Streams;
        int exitCode = ContainerStartup.Start(call, container, streams, waits: !isDetached, out DockerOutcome outcome);
        call.Host.Step = new DockerStep("run", $"{container.Name} {container.ImageReference}", outcome);
        if (isDetached)
            call.WriteLine(container.Id);
        if (!outcome.IsOk)
        {
            call.Complain($"docker: {outcome.Error.TrimEnd('.')}.");
            if (!isDetached)
                call.Complain($"time=\"{call.Host.Now.Format("yyyy-MM-dd'T'HH:mm:ss")}Z\" level=error msg=\"error waiting for container: context canceled\"");
        }

        ContainerStartup.RemoveAtEnd(call, container);
        return outcome.IsOk && isDetached ? 0 : exitCode;
    }
}
