using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Mono.Unix.Native;
using StorageLab.Host.Docker;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;

namespace StorageLab.Host.Machines;

/// <summary>The inside of a throw-away machine: makes the disk's file system, starts the daemon and stops it.</summary>
public sealed class MachineHost : IHostControl, IDisposable
{
    private const string Socket = "/run/docker.sock";
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    private readonly MachineSpec _spec;
    private readonly List<SetupCommand> _setup = [];
    private Process? _process;

    public MachineHost(MachineSpec spec) => _spec = spec;

    public bool CanRestartDaemon => true;

    /// <summary>The disk under the pool, where that is another than that of Docker's root.</summary>
    public string? PoolDisk => _spec.RootDisk == MachineSpec.SecondDisk ? MachineSpec.Disk : null;

    /// <summary>What was run to set the machine up.</summary>
    public IReadOnlyList<SetupCommand> Setup => _setup;

    /// <summary>Command line of the daemon.</summary>
    public ImmutableArray<string> DaemonCommand =>
    [
        "dockerd", "--data-root", _spec.RootFolder, "--exec-root", "/run/docker", "--pidfile", "/run/docker.pid", "--host", "unix://" + Socket,
        "--config-file", "/run/daemon.json", "--bridge=none", "--iptables=false", "--ip-forward=false", "--exec-opt", "native.cgroupdriver=cgroupfs",
        "--storage-driver", _spec.Variant.Driver == DriverNames.Overlay2 ? "overlay2" : "devicemapper",
        .. _spec.StorageOptions.SelectMany(option => (string[])["--storage-opt", option]),
    ];

    /// <summary>Makes and mounts the file systems and starts the daemon.</summary>
    /// <exception cref="MeasureException">A command failed, or the daemon did not come up.</exception>
    public (DockerDaemon Daemon, DaemonStart Start) Start(CancellationToken cancellation)
    {
        foreach (string command in _spec.SetupCommands)
        {
            (int exitCode, string output) = Command.Run("/bin/sh", "-c", command);
            _setup.Add(new SetupCommand(command, exitCode, output));
            if (exitCode != 0)
                throw new MeasureException($"in the machine: {command}: {LastLine(output)}");
        }

        File.WriteAllText("/run/daemon.json", "{}");
        var before = new IoCounters?[Enum.GetValues<Floor>().Length];
        before[(int)Floor.Disk] = BlockDeviceCounters.Read(MachineSpec.Disk);
        before[(int)Floor.RootDisk] = PoolDisk is null ? null : BlockDeviceCounters.Read(MachineSpec.SecondDisk);
        Stopwatch clock = Stopwatch.StartNew();
        DockerDaemon daemon = StartDaemon(cancellation);
        return (daemon, new DaemonStart(clock, clock.Elapsed, before));
    }

    public DockerDaemon RestartDaemon(DockerDaemon daemon, CancellationToken cancellation)
    {
        daemon.Dispose();
        StopDaemon();
        return StartDaemon(cancellation);
    }

    /// <summary>SIGTERM, and the time the daemon takes to end.</summary>
    public void StopDaemon()
    {
        if (_process is not { HasExited: false } process)
            return;
        Syscall.kill(process.Id, Signum.SIGTERM);
        if (!process.WaitForExit(StopPatience))
            process.Kill();
        process.Dispose();
        _process = null;
    }

    public void Dispose() => StopDaemon();

    private DockerDaemon StartDaemon(CancellationToken cancellation)
    {
        string log = Path.Combine(_spec.OutFolder, "dockerd.log");
        ProcessStartInfo start = new("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >> \"$log\" 2>&1 < /dev/null", "sh", log, .. DaemonCommand]);
        File.Delete(Socket);
        _process = Process.Start(start)!;
        Stopwatch waiting = Stopwatch.StartNew();
        while (waiting.Elapsed < StartPatience)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_process.HasExited)
                throw new MeasureException($"in the machine: dockerd ended: {LastLine(ReadLog(log))}");
            if (File.Exists(Socket) && TryOpen(cancellation) is { } daemon)
                return daemon;
            Thread.Sleep(100);
        }

        throw new MeasureException($"in the machine: dockerd did not answer in {StartPatience.TotalMinutes.ToString(CultureInfo.InvariantCulture)} minutes: {LastLine(ReadLog(log))}");
    }

    private static DockerDaemon? TryOpen(CancellationToken cancellation)
    {
        try
        {
            return DockerDaemon.Open(new Uri("unix://" + Socket), cancellation);
        }
        catch (MeasureException)
        {
            // The socket is there before somebody listens.
            return null;
        }
    }

    private static string ReadLog(string log) => File.Exists(log) ? File.ReadAllText(log) : "";

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("it said nothing");
}
