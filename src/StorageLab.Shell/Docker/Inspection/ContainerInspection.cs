using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Containers;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Inspection;

/// <summary><c>docker container inspect</c>.</summary>
/// <remarks>What the lab has no part in, such as limits and networks, is shown as Docker shows it when nothing was said of it.
/// Source: api/types/types.go (ContainerJSON) of moby v20.10.24.</remarks>
internal static class ContainerInspection
{
    private const string ContainersFolder = "/var/lib/docker/containers";

    public static DockerCommand Build() => new("container inspect", ArgumentCount.AtLeast(1), call => InspectOutput.Run(
        call, name => Find(call.Host, name, call.Flags.Is("size"), out _), name => $"Error: No such container: {name}"));

    /// <param name="measures">Whether its size is asked for (--size).</param>
    public static GoStruct? Find(DockerHost host, string name, bool measures, out DockerOutcome refusal) =>
        host.Engine.Containers.Find(name, out refusal) is { } container ? Describe(host, container, measures) : null;

    private static GoStruct Describe(DockerHost host, Container container, bool measures)
    {
        string folder = $"{ContainersFolder}/{container.Id}";
        List<GoField> fields =
        [
            new("ID", "Id", () => container.Id),
            new("Created", () => Inspected.Time(container.Created)),
            new("Path", () => container.Configuration.Process.FirstOrDefault("")),
            new("Args", () => Inspected.Texts(container.Configuration.Process.Skip(1))),
            new("State", () => State(container)),
            new("Image", () => container.Image.Id),
            new("ResolvConfPath", () => container.Started.IsNever ? "" : $"{folder}/resolv.conf"),
            new("HostnamePath", () => container.Started.IsNever ? "" : $"{folder}/hostname"),
            new("HostsPath", () => container.Started.IsNever ? "" : $"{folder}/hosts"),
            new("LogPath", () => container.Started.IsNever ? "" : $"{folder}/{container.Id}-json.log"),
            new("Name", () => "/" + container.Name),
            new("RestartCount", () => 0L),
            new("Driver", () => host.Lab.Driver.Name),
            new("Platform", () => "linux"),
            new("MountLabel", () => ""),
            new("ProcessLabel", () => ""),
            new("AppArmorProfile", () => ""),
            new("ExecIDs", () => null),
            new("HostConfig", () => HostConfiguration(container)),
            new("GraphDriver", () => Inspected.GraphDriver(host, container.Layer.MountId)),
        ];
        if (measures)
        {
            Invocation.Demand(host.Engine.MeasureContainer(container, out long bytes));
            fields.Add(new("SizeRw", () => bytes));
            fields.Add(new("SizeRootFs", () => bytes + container.Image.VirtualBytes));
        }

        fields.AddRange(
        [
            new("Mounts", () => container.Volumes.Select(mount => (object?)Mount(host, mount)).ToArray()),
            new("Config", () => Inspected.Configuration(container.Configuration)),
            new("NetworkSettings", () => NetworkSettings(container)),
        ]);
        return new GoStruct("types.ContainerJSON", fields);
    }

    private static GoStruct State(Container container) => new("*types.ContainerState",
    [
        new("Status", () => ContainerQuery.StateOf(container)),
        new("Running", () => container.IsRunning),
        new("Paused", () => false),
        new("Restarting", () => false),
        new("OOMKilled", () => false),
        new("Dead", () => false),
        new("Pid", () => 0L),
        new("ExitCode", () => container.IsRunning ? 0L : container.ExitCode),
        new("Error", () => ""),
        new("StartedAt", () => Inspected.Time(container.Started)),
        new("FinishedAt", () => Inspected.Time(container.Finished)),
    ]);

    private static GoStruct Mount(DockerHost host, VolumeMount mount) => new("types.MountPoint",
    [
        new("Type", () => "volume"),
        new("Name", () => mount.Volume.Name),
        new("Source", () => VolumeInspection.MountPoint(mount.Volume)),
        new("Destination", () => mount.Path.ToString(host.Engine.Names)),
        new("Driver", () => "local"),
        new("Mode", () => mount.Volume.IsAnonymous ? "" : "z"),
        new("RW", () => true),
        new("Propagation", () => ""),
    ]);

    private static GoStruct HostConfiguration(Container container)
    {
        GoStruct plain = Skeleton.Read("host-config");
        return Skeleton.With(plain, new Dictionary<string, object?>
        {
            ["NetworkMode"] = container.NetworkMode == "bridge" ? "default" : container.NetworkMode,
            ["AutoRemove"] = container.IsRemovedAtEnd,
        });
    }

    private static GoStruct NetworkSettings(Container container) => Skeleton.With(Skeleton.Read("network-settings"), new Dictionary<string, object?>
    {
        ["Networks"] = new Dictionary<string, object?> { [container.NetworkMode] = Skeleton.Read("network") },
    });
}
