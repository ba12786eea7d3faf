using System.Globalization;
using StorageLab.Model.Drivers;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Daemon;

/// <summary>A driver's lines in <c>docker info</c>, and its warnings.</summary>
/// <remarks>Source: moby v20.10.24, daemon/graphdriver/devmapper/driver.go and overlay2/overlay.go (Status), daemon/info_unix.go.</remarks>
internal static class DriverLines
{
    private const string ManualPoolName = "docker-thinpool";
    private const string LoopFolder = "/var/lib/docker/devicemapper/devicemapper";

    public static IReadOnlyList<(string Name, string Value)> Of(DockerHost host) => host.Lab.Driver.Status switch
    {
        DriverStatus.Devicemapper status => OfDevicemapper(status, host.Facts),
        DriverStatus.Overlay2 status =>
        [
            ("Backing Filesystem", status.BackingFileSystem), ("Supports d_type", Word(status.SupportsDType)), ("Native Overlay Diff", "true"),
            ("userxattr", "false"),
        ],
        _ => [],
    };

    public static IEnumerable<string> Warnings(DockerHost host)
    {
        switch (host.Lab.Driver.Status)
        {
            case DriverStatus.Devicemapper status:
                yield return "WARNING: the devicemapper storage-driver is deprecated, and will be removed in a future release.";
                if (status.IsLoop)
                {
                    yield return "WARNING: devicemapper: usage of loopback devices is strongly discouraged for production use.\n"
                        + "         Use `--storage-opt dm.thinpooldev` to specify a custom block storage device.";
                }

                break;
            case DriverStatus.Overlay2 { SupportsDType: false } status:
                yield return $"WARNING: overlay2: the backing {status.BackingFileSystem} filesystem is formatted without d_type support, which leads to incorrect behavior.\n"
                    + "         Reformat the filesystem with ftype=1 to enable d_type support.\n"
                    + "         Running without d_type support will not be supported in future releases.";
                break;
        }
    }

    /// <summary>A device's name as the device mapper knows it.</summary>
    public static string DeviceName(DockerHost host, string id) =>
        host.Lab.Driver.Status is DriverStatus.Devicemapper { IsLoop: true } ? $"{host.Facts.DevicePrefix}-{id}" : $"docker-{host.Facts.DevicePrefix["docker-".Length..]}-{id}";

    private static List<(string Name, string Value)> OfDevicemapper(DriverStatus.Devicemapper status, HostFacts facts)
    {
        List<(string Name, string Value)> lines =
        [
            ("Pool Name", status.IsLoop ? $"{facts.DevicePrefix}-pool" : ManualPoolName),
            ("Pool Blocksize", Size(status.BlockBytes)),
            ("Base Device Size", Size(status.BaseDeviceBytes)),
            ("Backing Filesystem", status.BackingFileSystem),
            ("Udev Sync Supported", "true"),
        ];
        if (status.IsLoop)
        {
            lines.Add(("Data file", "/dev/loop0"));
            lines.Add(("Metadata file", "/dev/loop1"));
            lines.Add(("Data loop file", $"{LoopFolder}/data"));
            lines.Add(("Metadata loop file", $"{LoopFolder}/metadata"));
        }

        lines.AddRange(
        [
            ("Data Space Used", Size(status.Data.UsedBytes)),
            ("Data Space Total", Size(status.Data.TotalBytes)),
            ("Data Space Available", Size(status.Data.AvailableBytes)),
            ("Metadata Space Used", Size(status.Metadata.UsedBytes)),
            ("Metadata Space Total", Size(status.Metadata.TotalBytes)),
            ("Metadata Space Available", Size(status.Metadata.AvailableBytes)),
            ("Thin Pool Minimum Free Space", Size(status.MinimumFreeBytes)),
            ("Deferred Removal Enabled", Word(status.IsDeferredRemovalOn)),
            ("Deferred Deletion Enabled", Word(status.IsDeferredDeletionOn)),
            ("Deferred Deleted Device Count", status.DeferredDeletedCount.ToString(CultureInfo.InvariantCulture)),
            ("Library Version", DaemonBuild.DeviceMapperLibrary),
        ]);
        return lines;
    }

    private static string Size(long bytes) => DockerUnits.HumanSize(bytes);

    private static string Word(bool truth) => truth ? "true" : "false";
}
