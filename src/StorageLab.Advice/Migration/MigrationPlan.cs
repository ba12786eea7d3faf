using System.Collections.Immutable;
using StorageLab.Advice.Hosts;
using StorageLab.Model.Drivers;

namespace StorageLab.Advice.Migration;

/// <summary>The commands and files that bring a host to a driver.</summary>
/// <remarks>Sources: docs.docker.com "Use the Device Mapper storage driver" (direct-lvm by hand) and "OverlayFS storage driver"; moby v1.12.6
/// docs/userguide/storagedriver; lvmthin(7). A change of driver hides every image and container of the old one, so they are saved first.</remarks>
public static class MigrationPlan
{
    private static readonly string[] EnterpriseIds = ["centos", "rhel", "rocky", "almalinux", "ol", "fedora"];

    /// <summary>The steps in order.</summary>
    /// <param name="driver">"overlay2" or "direct-lvm".</param>
    public static ImmutableArray<MigrationStep> For(string driver, HostFacts host)
    {
        bool isUpstart = host is { Distribution: "ubuntu", DistributionVersion: "14.04" } or { Distribution: "centos" or "rhel", DistributionVersion: "6" };
        string device = host.SpareDisks.IsEmpty ? "/dev/sdX" : host.SpareDisks[0].Path;
        List<MigrationStep> steps =
        [
            new("Save images, and containers' own files: the new driver does not see the old one's", [
                "mkdir -p /root/images",
                "docker images --format '{{.Repository}}:{{.Tag}}' | grep -v '<none>' | while read i; do docker save \"$i\" | gzip > \"/root/images/$(echo $i | tr '/:' '__').tar.gz\"; done",
                "docker ps -a -s    # commit what only a container holds: docker commit NAME NAME:saved, and save that too",
            ]),
            new("Stop Docker and put its old root aside", [
                isUpstart ? "service docker stop" : "systemctl stop docker docker.socket",
                $"mv {host.DockerRoot} {host.DockerRoot}.old    # delete it when the new driver works; only then is its space free",
            ]),
        ];
        steps.AddRange(driver == DriverNames.Overlay2 ? ForOverlay(host, device) : ForDirectLvm(host, device));
        steps.Add(Configure(driver, host, isUpstart));
        steps.Add(new("Start Docker, look, and load the images", [
            isUpstart ? "service docker start" : "systemctl daemon-reload && systemctl start docker",
            driver == DriverNames.Overlay2 ? "docker info | grep -E 'Storage Driver|Backing|d_type'" : "docker info | grep -E 'Storage Driver|Pool Name|Data Space'",
            "for f in /root/images/*.tar.gz; do docker load -i \"$f\"; done",
        ]));
        return [.. steps];
    }

    private static IEnumerable<MigrationStep> ForOverlay(HostFacts host, string device)
    {
        if (host.HasFileTypes == false)
        {
            yield return new($"A new xfs that tells file types, on {device} (everything on it is lost)", [
                $"mkfs.xfs -n ftype=1 {device}",
                $"mkdir -p {host.DockerRoot}",
                $"echo '{device} {host.DockerRoot} xfs defaults 0 0' >> /etc/fstab && mount {host.DockerRoot}",
                $"xfs_info {host.DockerRoot} | grep ftype=1",
            ]);
        }
        else if (host.BackingFileSystem is null or "xfs")
        {
            yield return new("Make sure that the file system tells file types", [$"xfs_info $(df --output=target {ParentOf(host.DockerRoot)} | tail -1) | grep ftype=1    # ftype=0: make a new xfs with mkfs.xfs -n ftype=1"]);
        }
    }

    private static IEnumerable<MigrationStep> ForDirectLvm(HostFacts host, string device)
    {
        bool isEnterprise = host.Distribution is null || EnterpriseIds.Contains(host.Distribution);
        yield return new("The tools of LVM", [isEnterprise ? "yum install -y yum-utils device-mapper-persistent-data lvm2" : "apt-get install -y thin-provisioning-tools lvm2"]);
        if (host.DockerVersion is null || host.DockerVersion >= new DockerVersion(17, 6))
            yield break;
        yield return new($"A thin pool on {device}, by hand because Docker does it from 17.06 on (everything on it is lost)", [
            $"pvcreate {device}",
            $"vgcreate docker {device}",
            "lvcreate --wipesignatures y -n thinpool docker -l 95%VG",
            "lvcreate --wipesignatures y -n thinpoolmeta docker -l 1%VG",
            "lvconvert -y --zero n -c 512K --thinpool docker/thinpool --poolmetadata docker/thinpoolmeta",
            "cat > /etc/lvm/profile/docker-thinpool.profile <<'EOF'\nactivation {\n  thin_pool_autoextend_threshold=80\n  thin_pool_autoextend_percent=20\n}\nEOF",
            "lvchange --metadataprofile docker-thinpool docker/thinpool",
            "lvchange --monitor y docker/thinpool && lvs -o+seg_monitor    # must say monitored",
        ]);
    }

    private static MigrationStep Configure(string driver, HostFacts host, bool isUpstart)
    {
        string device = host.SpareDisks.IsEmpty ? "/dev/sdX" : host.SpareDisks[0].Path;
        bool isByHand = host.DockerVersion is { } version && version < new DockerVersion(17, 6);
        string[] options = driver == DriverNames.Overlay2
            ? host.DockerVersion is { } old && old < new DockerVersion(17, 12) && host.Kernel is { Major: 3 } ? ["overlay2.override_kernel_check=true"] : []
            : isByHand
                ? ["dm.thinpooldev=/dev/mapper/docker-thinpool", "dm.use_deferred_removal=true", "dm.use_deferred_deletion=true"]
                : [$"dm.directlvm_device={device}", "dm.thinp_percent=95", "dm.thinp_metapercent=1", "dm.thinp_autoextend_threshold=80", "dm.thinp_autoextend_percent=20"];
        string name = driver == DriverNames.Overlay2 ? "overlay2" : "devicemapper";
        if (isUpstart)
        {
            // Upstart and sysvinit give dockerd its flags by this file; systemd's units ignore it.
            string file = host.Distribution == "ubuntu" ? "/etc/default/docker" : "/etc/sysconfig/docker";
            string variable = host.Distribution == "ubuntu" ? "DOCKER_OPTS" : "other_args";
            return new($"Tell Docker, in {file}", [$"echo '{variable}=\"--storage-driver={name}{string.Concat(options.Select(option => " --storage-opt " + option))}\"' >> {file}"]);
        }

        string list = options.Length == 0 ? "" : ",\n  \"storage-opts\": [" + string.Join(", ", options.Select(option => $"\"{option}\"")) + "]";
        return new("Tell Docker, in /etc/docker/daemon.json (keep what else is in it; no storage flag in /etc/sysconfig/docker-storage beside it)", [
            $"mkdir -p /etc/docker && cat > /etc/docker/daemon.json <<'EOF'\n{{\n  \"storage-driver\": \"{name}\"{list}\n}}\nEOF",
            "storagelab check-config /etc/docker/daemon.json",
        ]);
    }

    private static string ParentOf(string path) => Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : "/";
}
