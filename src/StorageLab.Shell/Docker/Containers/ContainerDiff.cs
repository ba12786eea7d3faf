using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Containers;

/// <summary><c>docker diff</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/container/diff.go.</remarks>
internal static class ContainerDiff
{
    public static DockerCommand Build(string path) => new(path, ArgumentCount.Exactly(1), Run);

    private static int Run(Invocation call)
    {
        string name = call.Arguments[0];
        if (name.Length == 0)
            throw new CommandException("Container name cannot be empty");
        Container? container = call.Engine.Containers.Find(name, out DockerOutcome refusal);
        Invocation.Demand(refusal);
        call.DemandDone("diff", name, call.Engine.Diff(container!));
        foreach ((char kind, string path) in container!.Changes.List(call.Engine.Names))
            call.WriteLine($"{kind} {path}");
        return 0;
    }
}
