using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Daemon;

/// <summary><c>docker info</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/system/info.go.</remarks>
internal static class DockerInfo
{
    private static readonly string[] NetworkPlugins = ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"];
    private static readonly string[] LogPlugins =
        ["awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "logentries", "splunk", "syslog"];

    public static DockerCommand Build(string path) => new(path, ArgumentCount.None, Run);

    private static int Run(Invocation call)
    {
        string format = call.Flags.Text("format");
        if (format.Length > 0)
        {
            InspectOutput.Execute(call, format, Describe(call.Host), "");
            return 0;
        }

        foreach (string line in Lines(call.Host))
            call.WriteLine(line);
        foreach (string warning in Warnings(call.Host))
            call.Complain(warning);
        return 0;
    }

    private static IEnumerable<string> Warnings(DockerHost host) => host.Facts.Warnings.Concat(DriverLines.Warnings(host));

    private static List<string> Lines(DockerHost host)
    {
        HostFacts facts = host.Facts;
        int running = host.Engine.Containers.RunningCount;
        List<string> lines =
        [
            "Client:", " Context:    default", " Debug Mode: false", "", "Server:", $" Containers: {host.Engine.Containers.Count}", $"  Running: {running}",
            "  Paused: 0", $"  Stopped: {host.Engine.Containers.Count - running}", $" Images: {host.Engine.Images.All.Count}", $" Server Version: {DaemonBuild.Version}",
            $" Storage Driver: {host.Lab.Driver.Name}",
            .. DriverLines.Of(host).Select(line => $"  {line.Name}: {line.Value}"),
            " Logging Driver: json-file", $" Cgroup Driver: {facts.CgroupDriver}", $" Cgroup Version: {facts.CgroupVersion}", " Plugins:", "  Volume: local",
            $"  Network: {string.Join(' ', NetworkPlugins)}", $"  Log: {string.Join(' ', LogPlugins)}", " Swarm: inactive", $" Runtimes: {facts.Runtimes}",
            " Default Runtime: runc", " Init Binary: docker-init", $" containerd version: {DaemonBuild.ContainerdCommit}", $" runc version: {DaemonBuild.RuncCommit}",
            " init version: ", " Security Options:", "  seccomp", "   Profile: default",
        ];
        if (facts.CgroupVersion == "2")
            lines.Add("  cgroupns");
        lines.AddRange(
        [
            $" Kernel Version: {facts.KernelVersion}", $" Operating System: {facts.OperatingSystem}", " OSType: linux", " Architecture: x86_64", $" CPUs: {facts.CpuCount}",
            $" Total Memory: {facts.TotalMemory}", $" Name: {facts.Name}", $" ID: {facts.Id}", " Docker Root Dir: /var/lib/docker", " Debug Mode: false",
            $" Registry: {facts.Registry}", " Labels:", " Experimental: false", " Insecure Registries:", "  127.0.0.0/8", " Live Restore Enabled: false", "",
        ]);
        return lines;
    }

    private static GoStruct Describe(DockerHost host)
    {
        HostFacts facts = host.Facts;
        long count = host.Engine.Containers.Count;
        long running = host.Engine.Containers.RunningCount;
        return new GoStruct("system.info",
        [
            new("ID", () => facts.Id),
            new("Containers", () => count),
            new("ContainersRunning", () => running),
            new("ContainersPaused", () => 0L),
            new("ContainersStopped", () => count - running),
            new("Images", () => (long)host.Engine.Images.All.Count),
            new("Driver", () => host.Lab.Driver.Name),
            new("DriverStatus", () => DriverLines.Of(host).Select(line => (object?)new object?[] { line.Name, line.Value }).ToArray()),
            new("Plugins", () => new GoStruct("types.PluginsInfo",
            [
                new("Volume", () => new object?[] { "local" }), new("Network", () => NetworkPlugins), new("Authorization", () => null), new("Log", () => LogPlugins),
            ])),
            new("MemoryLimit", () => true),
            new("SystemTime", () => host.Now.ToString()),
            new("LoggingDriver", () => "json-file"),
            new("CgroupDriver", () => facts.CgroupDriver),
            new("CgroupVersion", () => facts.CgroupVersion),
            new("KernelVersion", () => facts.KernelVersion),
            new("OperatingSystem", () => facts.OperatingSystem),
            new("OSType", () => "linux"),
            new("Architecture", () => "x86_64"),
            new("IndexServerAddress", () => facts.Registry),
            new("NCPU", () => (long)facts.CpuCount),
            new("DockerRootDir", () => "/var/lib/docker"),
            new("Name", () => facts.Name),
            new("Labels", () => Array.Empty<object?>()),
            new("ExperimentalBuild", () => false),
            new("ServerVersion", () => DaemonBuild.Version),
            new("DefaultRuntime", () => "runc"),
            new("LiveRestoreEnabled", () => false),
            new("InitBinary", () => "docker-init"),
            new("SecurityOptions", () => facts.CgroupVersion == "2" ? new object?[] { "name=seccomp,profile=default", "name=cgroupns" } : ["name=seccomp,profile=default"]),
            new("Warnings", () => Warnings(host).ToArray<object?>()),
        ]);
    }
}
