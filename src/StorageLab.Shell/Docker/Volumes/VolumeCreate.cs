using System.Text.RegularExpressions;
using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Containers;

namespace StorageLab.Shell.Docker.Volumes;

/// <summary><c>docker volume create</c>.</summary>
internal static partial class VolumeCreate
{
    public static DockerCommand Build() => new("volume create", ArgumentCount.AtMost(1), Run);

    private static int Run(Invocation call)
    {
        string name = call.Arguments.Count > 0 ? call.Arguments[0] : call.Flags.Text("name");
        if (name.Length > 0 && !Name().IsMatch(name))
        {
            throw new CommandException(DockerOutcome.Refused($"create {name}: \"{name}\" includes invalid characters for a local volume name, "
                + "only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path").Error);
        }

        IReadOnlyList<string> labels = call.Flags.Texts("label");
        bool isAnonymous = name.Length == 0;
        DockerOutcome outcome = call.Engine.Volumes.Create(
            isAnonymous ? call.Engine.NewId() : name, labels.Count > 0 ? ContainerOptions.Labels(labels) : null, isAnonymous, out Volume? volume);
        call.DemandDone("volume-create", name, outcome);
        call.WriteLine(volume!.Name);
        return 0;
    }

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$")]
    private static partial Regex Name();
}
