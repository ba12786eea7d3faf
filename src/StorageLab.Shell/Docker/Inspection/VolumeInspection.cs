using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Inspection;

/// <summary><c>docker volume inspect</c>.</summary>
internal static class VolumeInspection
{
    public static DockerCommand Build() => new("volume inspect", ArgumentCount.AtLeast(1), call => InspectOutput.Run(
        call, name => Find(call.Host, name), name => $"Error: No such volume: {name}"));

    public static GoStruct? Find(DockerHost host, string name) => host.Engine.Volumes.TryGet(name, out Volume? volume) ? Describe(volume!) : null;

    public static string MountPoint(Volume volume) => $"/var/lib/docker/volumes/{volume.Name}/_data";

    private static GoStruct Describe(Volume volume) => new("types.Volume",
    [
        new("CreatedAt", () => volume.Created.Format("yyyy-MM-dd'T'HH:mm:ss") + "Z"),
        new("Driver", () => "local"),
        new("Labels", () => volume.IsAnonymous ? null : Inspected.Labels(volume.Labels) ?? new Dictionary<string, object?>()),
        new("Mountpoint", () => MountPoint(volume)),
        new("Name", () => volume.Name),
        new("Options", () => volume.IsAnonymous ? null : new Dictionary<string, object?>()),
        new("Scope", () => "local"),
    ]);
}
