namespace StorageLab.Host.Machines;

/// <summary>The script that is the machine's first process: mounts, modules and udev, then the lab, then power off.</summary>
/// <remarks>The root is the host's own file system, read-only, so everything that is written lies in memory below <c>/run</c> and below one folder
/// that hides nothing the machine needs. <c>/etc</c> gets a layer in memory, because Docker and LVM keep keys and profiles there.</remarks>
internal static class MachineInit
{
    /// <summary>Begins the lines that are meant for the lab outside.</summary>
    public const string Marker = "storagelab-machine: ";

    /// <summary>Said when the machine is set up and the lab begins inside.</summary>
    public const string Up = "up";

    /// <summary>Said when the lab inside has come to its end.</summary>
    public const string Done = "done";

    /// <summary>Modules in the order in which they need each other.</summary>
    private const string Modules = "dm-mod dm-bufio dm-bio-prison dm-persistent-data dm-thin-pool loop overlay";

    /// <param name="freeFolder">A folder of the host that may be hidden: everything of the machine's own is below it.</param>
    /// <param name="shareFolder">Folder of the host that the results go to.</param>
    /// <param name="environment">Variables of the lab, as NAME=VALUE.</param>
    /// <param name="command">The lab's command line in the machine.</param>
    public static string Script(string freeFolder, string shareFolder, IEnumerable<string> environment, IEnumerable<string> command) =>
        $$"""
        #!/bin/sh
        export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/run TMPDIR=/run/tmp DOCKER_TMPDIR=/run/tmp
        say() { echo "{{Marker}}$*"; }
        off() { sync; echo o > /proc/sysrq-trigger; sleep 30; }
        need() { "$@" || { say "failed: in the machine: $*"; off; }; }
        need mount -t proc proc /proc
        need mount -t sysfs sys /sys
        mount -t devtmpfs dev /dev 2> /dev/null
        need mount -t tmpfs -o mode=755 tmpfs /run
        mkdir -p /run/lock /run/udev /run/tmp /run/etc /run/etc-work /dev/pts /dev/shm
        mount -t devpts devpts /dev/pts
        mount -t tmpfs tmpfs /dev/shm
        need mount -t cgroup2 cgroup2 /sys/fs/cgroup
        echo "+cpu +memory +io +pids" > /sys/fs/cgroup/cgroup.subtree_control
        for module in {{Modules}}; do
            file=$(find {{UmlMachine.ModulesFolder}}/$(uname -r) -name $module.ko | head -n 1)
            need insmod "$file"
        done
        need mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/etc-work /etc
        # The host's daemon keeps its key there, which an ordinary user cannot read.
        [ ! -d /etc/docker ] || need mount -t tmpfs tmpfs /etc/docker
        need mount -t tmpfs -o mode=755 tmpfs {{freeFolder}}
        mkdir -p {{RootFolder(freeFolder)}} {{OutFolder(freeFolder)}}
        need mount -t hostfs none {{OutFolder(freeFolder)}} -o {{shareFolder}}
        hostname storagelab 2> /dev/null
        ip link set lo up 2> /dev/null
        udevd=/lib/systemd/systemd-udevd
        [ -x $udevd ] || udevd=/usr/lib/systemd/systemd-udevd
        $udevd --daemon 2> /dev/null
        udevadm trigger --action=add --subsystem-match=block
        udevadm settle -t 30
        export {{string.Join(' ', environment.Select(Quoted))}}
        cd /run
        say {{Up}}
        {{string.Join(' ', command.Select(Quoted))}} || say "failed: the lab inside ended with $?"
        off
        """;

    public static string RootFolder(string freeFolder) => $"{freeFolder}/docker";

    public static string OutFolder(string freeFolder) => $"{freeFolder}/out";

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
