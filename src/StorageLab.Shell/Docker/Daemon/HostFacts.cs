using System.Text.RegularExpressions;
using StorageLab.Model.Drivers;

namespace StorageLab.Shell.Docker.Daemon;

/// <summary>What <c>docker info</c> says of the machine beside its driver and its counts.</summary>
public sealed partial record HostFacts
{
    public required string KernelVersion { get; init; }

    public required string OperatingSystem { get; init; }

    public int CpuCount { get; init; } = 2;

    /// <summary>As it is printed, e.g. <c>4.897GiB</c>.</summary>
    public string TotalMemory { get; init; } = "3.842GiB";

    public string Name { get; init; } = "lab";

    public string Id { get; init; } = "LABH:OST0:STOR:AGEL:ABHO:ST00:STOR:AGEL:ABHO:ST00:STOR:AGEL";

    public string Registry { get; init; } = "https://index.docker.io/v1/";

    public string CgroupVersion { get; init; } = "2";

    public string CgroupDriver { get; init; } = "systemd";

    /// <summary>Names of the runtimes; Docker keeps them in a map, so their order means nothing.</summary>
    public string Runtimes { get; init; } = "io.containerd.runc.v2 io.containerd.runtime.v1.linux runc";

    /// <summary>What Docker warns of beside the driver: missing cgroups, forwarding switched off.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Names of a loop pool's devices begin with it: disk and inode of the driver's directory.</summary>
    public string DevicePrefix { get; init; } = "docker-8:1-136";

    /// <summary>A lab host's.</summary>
    public static HostFacts Of(HostSpec spec)
    {
        bool isEnterprise = spec.Kernel.EnterpriseBuild > 0;
        return new HostFacts
        {
            KernelVersion = isEnterprise ? $"{spec.Kernel.Major}.{spec.Kernel.Minor}.0-{spec.Kernel.EnterpriseBuild}.el7.x86_64" : $"{spec.Kernel.Major}.{spec.Kernel.Minor}.0",
            OperatingSystem = isEnterprise ? "CentOS Linux 7 (Core)" : "Debian GNU/Linux 12 (bookworm)",
            CgroupVersion = isEnterprise ? "1" : "2",
            CgroupDriver = isEnterprise ? "cgroupfs" : "systemd",
        };
    }

    /// <summary>A recorded host's, from what docker info printed there.</summary>
    public static HostFacts Parse(string info, HostSpec spec)
    {
        HostFacts lab = Of(spec);
        Dictionary<string, string> lines = new(StringComparer.Ordinal);
        List<string> warnings = [];
        foreach (string line in info.Split('\n'))
        {
            if (line.StartsWith("WARNING: ", StringComparison.Ordinal) && !line.Contains("devicemapper", StringComparison.Ordinal))
                warnings.Add(line);
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon > 0)
                lines.TryAdd(line[..colon].Trim(), line[(colon + 2)..]);
        }

        string Line(string name, string fallback) => lines.GetValueOrDefault(name, fallback);

        Match pool = LoopPool().Match(Line("Pool Name", ""));
        return lab with
        {
            KernelVersion = Line("Kernel Version", lab.KernelVersion),
            OperatingSystem = Line("Operating System", lab.OperatingSystem),
            CpuCount = int.TryParse(Line("CPUs", ""), out int count) ? count : lab.CpuCount,
            TotalMemory = Line("Total Memory", lab.TotalMemory),
            Name = Line("Name", lab.Name),
            Id = Line("ID", lab.Id),
            Registry = Line("Registry", lab.Registry),
            CgroupVersion = Line("Cgroup Version", lab.CgroupVersion),
            CgroupDriver = Line("Cgroup Driver", lab.CgroupDriver),
            Runtimes = Line("Runtimes", lab.Runtimes),
            Warnings = warnings,
            DevicePrefix = pool.Success ? pool.Groups[1].Value : lab.DevicePrefix,
        };
    }

    [GeneratedRegex(@"^(docker-\d+:\d+-\d+)-pool$")]
    private static partial Regex LoopPool();
}
