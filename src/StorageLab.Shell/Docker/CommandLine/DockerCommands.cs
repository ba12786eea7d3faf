using StorageLab.Shell.Docker.Builds;
using StorageLab.Shell.Docker.Containers;
using StorageLab.Shell.Docker.Daemon;
using StorageLab.Shell.Docker.Images;
using StorageLab.Shell.Docker.Inspection;
using StorageLab.Shell.Docker.Volumes;

namespace StorageLab.Shell.Docker.CommandLine;

/// <summary>All commands by their words.</summary>
internal static class DockerCommands
{
    private static readonly string[] Groups = ["image", "container", "volume", "system"];

    private static readonly Dictionary<string, DockerCommand> ByPath = ToDictionary(
    [
        ContainerCommit.Build("commit"), ContainerCommit.Build("container commit"),
        ContainerControl.BuildKill("kill"), ContainerControl.BuildKill("container kill"),
        ContainerControl.BuildRename("rename"), ContainerControl.BuildRename("container rename"),
        ContainerControl.BuildRestart("restart"), ContainerControl.BuildRestart("container restart"),
        ContainerControl.BuildStart("start"), ContainerControl.BuildStart("container start"),
        ContainerControl.BuildStop("stop"), ContainerControl.BuildStop("container stop"),
        ContainerControl.BuildWait("wait"), ContainerControl.BuildWait("container wait"),
        ContainerCreate.Build("create"), ContainerCreate.Build("container create"),
        ContainerDiff.Build("diff"), ContainerDiff.Build("container diff"),
        ContainerExec.Build("exec"), ContainerExec.Build("container exec"),
        ContainerList.Build("ps"), ContainerList.Build("container ls"),
        ContainerPrune.Build(),
        ContainerRemove.Build("rm"), ContainerRemove.Build("container rm"),
        ContainerRun.Build("run"), ContainerRun.Build("container run"),
        ContainerInspection.Build(),
        DiskUsage.Build(),
        DockerInfo.Build("info"), DockerInfo.Build("system info"),
        DockerVersion.Build(),
        ImageBuild.Build("build"), ImageBuild.Build("image build"),
        ImageHistory.Build("history"), ImageHistory.Build("image history"),
        ImageList.Build("images"), ImageList.Build("image ls"),
        ImageImport.Build("import"), ImageImport.Build("image import"),
        ImageInspection.Build(),
        ImageLoad.Build("load"), ImageLoad.Build("image load"),
        ImagePrune.Build(),
        ImagePull.Build("pull"), ImagePull.Build("image pull"),
        ImagePush.Build("push"), ImagePush.Build("image push"),
        ImageRemove.Build("rmi"), ImageRemove.Build("image rm"),
        ImageSave.Build("save"), ImageSave.Build("image save"),
        ImageTag.Build("tag"), ImageTag.Build("image tag"),
        ObjectInspection.Build(),
        SystemPrune.Build(),
        VolumeCreate.Build(), VolumeInspection.Build(), VolumeList.Build(), VolumePrune.Build(), VolumeRemove.Build(),
    ]);

    /// <summary>Paths of all commands, without their aliases, in order.</summary>
    public static IReadOnlyList<string> Paths { get; } = [.. ByPath.Values.Select(command => command.Path).Distinct().Order(StringComparer.Ordinal)];

    public static DockerCommand? Find(string path) => ByPath.GetValueOrDefault(path);

    public static bool IsGroup(string word) => Groups.Contains(word);

    /// <summary>Whether Docker has a command or group of that name which the lab has not.</summary>
    public static bool IsDockers(string word) =>
        CommandHelp.Of("docker").Text.Split('\n').Any(line => line.StartsWith($"  {word} ", StringComparison.Ordinal));

    private static Dictionary<string, DockerCommand> ToDictionary(IEnumerable<DockerCommand> commands)
    {
        Dictionary<string, DockerCommand> byPath = new(StringComparer.Ordinal);
        foreach (DockerCommand command in commands)
        {
            byPath.Add(command.Path, command);
            string group = command.Path[..(command.Path.LastIndexOf(' ') + 1)];
            foreach (string alias in command.Aliases)
                byPath.Add(group + alias, command);
        }

        return byPath;
    }
}
