using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using StorageLab.Host.Docker;
using StorageLab.Host.Machines;
using StorageLab.Model.Drivers;

namespace StorageLab.Host.Doctor;

/// <summary>Looks what of the lab's engines a host can carry. It only reads.</summary>
public static class HostSurvey
{
    public const string Model = "model";
    public const string Io = "io";
    public const string Docker = "docker";
    public const string Uml = "uml";

    private const string LoopAndDirect = "loop-lvm and direct-lvm in a machine";

    private static readonly Package DockerPackage = new("docker.io", null);
    private static readonly Package DmsetupPackage = new("dmsetup", "device-mapper");
    private static readonly Package XfsPackage = new("xfsprogs", "xfsprogs");
    private static readonly Package UmlPackage = new("user-mode-linux", null);

    private static readonly ImmutableArray<string> ProgramFolders =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
        "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/lib/systemd", "/lib/systemd",
    ];

    /// <summary>Everything that any engine needs.</summary>
    /// <param name="hasFonts">Whether the plots' fonts were found.</param>
    public static ImmutableArray<HostNeed> Run(bool hasFonts) =>
    [
        new(Model, "DejaVu fonts", hasFonts, hasFonts ? "found" : "not found", "plots; samples and tables need none")
        {
            Package = new Package("fonts-dejavu-core", "dejavu-sans-fonts"),
            IsOptional = true,
        },
        .. IoNeeds(),
        .. DaemonNeeds(),
        .. MachineNeeds(),
    ];

    /// <summary>What a throw-away machine with this driver cannot do without and this host has not.</summary>
    public static ImmutableArray<HostNeed> MissingForMachine(string driver) =>
        [.. MachineNeeds(driver).Where(need => !need.IsThere && !need.IsOptional)];

    /// <summary>The command that installs what is missing; null where no package is.</summary>
    public static string? Install(IEnumerable<HostNeed> needs)
    {
        string osRelease = File.Exists("/etc/os-release") ? File.ReadAllText("/etc/os-release") : "";
        return InstallCommand.Of(needs, InstallCommand.FamilyOf(osRelease), Environment.IsPrivilegedProcess, Find("dnf") is null ? "yum" : "dnf");
    }

    private static IEnumerable<HostNeed> IoNeeds()
    {
        const string mounts = "the kernel's own overlay mounts under overlay2; without them the lab copies up itself";
        bool isRoot = Environment.IsPrivilegedProcess;
        bool hasOverlay = File.Exists("/proc/filesystems") && File.ReadLines("/proc/filesystems").Any(line => line.EndsWith("\toverlay", StringComparison.Ordinal));
        yield return new HostNeed(Io, "overlay in the kernel", hasOverlay, hasOverlay ? "found" : "not in /proc/filesystems", mounts) { IsOptional = true };
        yield return new HostNeed(Io, "root", isRoot, isRoot ? "yes" : "an ordinary user", mounts) { IsOptional = true };
        yield return Program(Io, "fio", "what another program gets of the same disk", new Package("fio", "fio")) with { IsOptional = true };
    }

    private static IEnumerable<HostNeed> DaemonNeeds()
    {
        const string socket = "/var/run/docker.sock";
        bool isRoot = Environment.IsPrivilegedProcess;
        bool hasSocket = File.Exists(socket);
        yield return new HostNeed(Docker, "a daemon's socket", hasSocket, hasSocket ? socket : Find("dockerd") is null ? $"no {socket}" : $"no {socket}: dockerd does not run", $"measure --host unix://{socket}")
        {
            // One that is installed is only to be started.
            Package = Find("dockerd") is null ? DockerPackage : null,
        };
        yield return new HostNeed(Docker, "root", isRoot, isRoot ? "yes" : "an ordinary user", "reading the disk under a daemon, writing in its containers");
        yield return Program(Docker, "dmsetup", "counts of a devicemapper pool", DmsetupPackage) with { IsOptional = true };
        bool hasDeviceMapper = Directory.Exists("/sys/class/misc/device-mapper");
        yield return new HostNeed(Docker, "device-mapper in the kernel", hasDeviceMapper, hasDeviceMapper ? "found" : "not loaded", "loop-lvm and direct-lvm of this host's own daemon") { IsOptional = true };
    }

    private static IEnumerable<HostNeed> MachineNeeds(string? driver = null)
    {
        const string machine = "measure --machine uml, validate --machine uml";
        bool needsMapper = driver != DriverNames.Overlay2;
        bool isX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        yield return new HostNeed(Uml, "x86-64", isX64, RuntimeInformation.ProcessArchitecture.ToString(), machine);
        yield return Program(Uml, UmlMachine.Program, machine, UmlPackage);
        bool hasModules = UmlMachine.FindKernel() is not null;
        yield return new HostNeed(Uml, "the kernel's modules", hasModules, hasModules ? $"{UmlMachine.ModulesFolder}/{UmlMachine.FindKernel()}" : $"none in {UmlMachine.ModulesFolder}", machine) { Package = UmlPackage };
        yield return Dockerd(needsMapper);
        yield return Program(Uml, "containerd", machine, new Package("containerd", null));
        yield return Program(Uml, "runc", machine, new Package("runc", "runc"));
        yield return Program(Uml, "insmod", machine, new Package("kmod", "kmod"));
        yield return Program(Uml, "setsid", machine, new Package("util-linux", "util-linux"));
        yield return Program(Uml, "mkfs.xfs", "the machine's disk, and its containers' under devicemapper", XfsPackage);
        yield return Program(Uml, "mkfs.ext4", "a disk with ext4", new Package("e2fsprogs", "e2fsprogs")) with { IsOptional = true };
        yield return Program(Uml, "systemd-udevd", LoopAndDirect, new Package("udev", "systemd-udev")) with { IsOptional = !needsMapper };
        yield return Program(Uml, "dmsetup", LoopAndDirect, DmsetupPackage) with { IsOptional = !needsMapper };
        yield return Program(Uml, "lvm", "direct-lvm in a machine", new Package("lvm2", "lvm2")) with { IsOptional = driver != DriverNames.DirectLvm };
        yield return Program(Uml, "thin_dump", "direct-lvm, and a pool's mappings at the end", new Package("thin-provisioning-tools", "device-mapper-persistent-data")) with
        {
            IsOptional = driver != DriverNames.DirectLvm,
        };
        bool hasMemory = Directory.Exists("/dev/shm") && new DriveInfo("/dev/shm").AvailableFreeSpace >= 1L << 30;
        yield return new HostNeed(Uml, "1 GiB in /dev/shm", hasMemory, hasMemory ? "found" : "less", "the machine's memory off the disk") { IsOptional = true };
    }

    private static HostNeed Dockerd(bool needsMapper)
    {
        HostNeed need = Program(Uml, "dockerd", "Docker in the machine", DockerPackage);
        if (!need.IsThere)
            return need;
        string version = Command.Output("dockerd", "--version");
        string shown = DockerdVersion.MajorOf(version) is { } major ? $"version {major.ToString(CultureInfo.InvariantCulture)}" : "of unknown version";
        return !needsMapper || DockerdVersion.HasDevicemapper(version)
            ? need with { Found = $"{need.Found}, {shown}" }
            : new HostNeed(Uml, "dockerd before 25", false, $"{need.Found}, {shown}: devicemapper was removed in 25.0", LoopAndDirect);
    }

    private static HostNeed Program(string engine, string name, string enables, Package package) =>
        new(engine, name, Find(name) is not null, Find(name) ?? "not found", enables) { Package = package };

    private static string? Find(string program) => ProgramFolders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
