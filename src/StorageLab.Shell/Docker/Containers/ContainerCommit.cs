using StorageLab.Model.Images;
using StorageLab.Shell.Docker.Builds;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Containers;

/// <summary><c>docker commit</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/container/commit.go; moby v20.10.24, daemon/commit.go.</remarks>
internal static class ContainerCommit
{
    public static DockerCommand Build(string path) => new(path, ArgumentCount.Between(1, 2), Run) { StopsAtFirstArgument = true };

    private static int Run(Invocation call)
    {
        ImageName? name = null;
        if (call.Arguments is [_, { Length: > 0 } target])
        {
            name = ImageName.TryParse(target, out string? error) ?? throw new CommandException(error!);
            if (name.IsCanonical)
                throw new CommandException("refusing to create a tag with a digest reference");
        }

        Container? container = call.Engine.Containers.Find(call.Arguments[0], out DockerOutcome refusal);
        Invocation.Demand(refusal);
        CommitDescription description = new()
        {
            Author = call.Flags.Text("author"),
            Comment = call.Flags.Text("message"),
            Configuration = ConfigurationChange.Apply(container!.Configuration, call.Flags.Texts("change")),
        };
        DockerOutcome outcome = call.Engine.Commit(container, name, description, out Image? image);
        call.DemandDone("commit", $"{call.Arguments[0]} {name?.Familiar}".TrimEnd(), outcome);
        call.WriteLine(image!.Id);
        return 0;
    }
}
