using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Containers;

/// <summary><c>docker create</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/container/create.go.</remarks>
internal static class ContainerCreate
{
    public static DockerCommand Build(string path) => new(path, ArgumentCount.AtLeast(1), Run) { StopsAtFirstArgument = true };

    private static int Run(Invocation call)
    {
        call.WriteLine(ContainerOptions.Create(call).Id);
        return 0;
    }
}
