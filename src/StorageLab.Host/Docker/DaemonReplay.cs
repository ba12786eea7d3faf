using System.Diagnostics;
using Docker.DotNet.Models;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;

namespace StorageLab.Host.Docker;

/// <summary>Replays a scenario on a real daemon and takes a sample after each step: what the daemon and the disk under it say.</summary>
public sealed class DaemonReplay
{
    private static readonly Floor[] Floors = Enum.GetValues<Floor>();

    private readonly Scenario _scenario;
    private readonly VariantSpec _variant;
    private readonly DaemonSteps _steps;
    private readonly string? _poolDisk;
    private readonly string _optionsText;
    private readonly DaemonStart _start;
    private HostProbe _probe;
    private long _layersBytes;
    private long _writtenBytes;

    /// <param name="scenario">What is done.</param>
    /// <param name="variant">What the samples are called; its driver is the daemon's.</param>
    /// <param name="daemon">Where.</param>
    /// <param name="host">What else may be done there.</param>
    /// <param name="start">How the daemon was started, where the measurement did that.</param>
    /// <param name="poolDisk">With direct-lvm the disk under the pool as <c>MAJOR:MINOR</c> or a name in /sys/block, where it is known.</param>
    public DaemonReplay(Scenario scenario, VariantSpec variant, DockerDaemon daemon, IHostControl host, DaemonStart? start = null, string? poolDisk = null)
    {
        _start = start ?? new DaemonStart(Stopwatch.StartNew(), TimeSpan.Zero, Before: null);
        _scenario = scenario;
        _variant = variant;
        _poolDisk = poolDisk;
        _steps = new DaemonSteps(daemon, host, scenario.Names);
        _probe = new HostProbe(daemon.Driver, daemon.Kernel, poolDisk);
        _optionsText = string.Join(' ', variant.Options.Select(option => $"{option.Key}={option.Value}"));
    }

    /// <summary>The daemon; another one after a restart.</summary>
    public DockerDaemon Daemon => _steps.Daemon;

    /// <summary>What the daemon said of its driver when the last sample was taken.</summary>
    public DaemonDriver LastStatus { get; private set; } = null!;

    /// <summary>Sample 0, of the host as it was found, and one per step, taken as they are asked for.</summary>
    /// <exception cref="OperationCanceledException">It was stopped within a step.</exception>
    public IEnumerable<Sample> Run(CancellationToken cancellation)
    {
        (_layersBytes, _) = _probe.ReadLayers();
        LinuxCalls.sync();
        IoCounters?[] now = _probe.ReadCounters();
        // A daemon that was found running has done nothing yet that is measured.
        yield return Take(0, "daemon-start", "", "", _start.Clock.Elapsed - _start.Taken, _start.Taken, _start.Before ?? now, now, cancellation);
        var index = 0;
        foreach (Step step in _scenario.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            (string operation, string target) = StepRunner.Describe(step);
            LinuxCalls.sync();
            IoCounters?[] before = _probe.ReadCounters();
            TimeSpan begin = _start.Clock.Elapsed;
            string error = Do(step, cancellation);
            TimeSpan taken = _start.Clock.Elapsed - begin;
            if (step is Step.RestartDaemon && error.Length == 0)
                _probe = new HostProbe(Daemon.Driver, Daemon.Kernel, _poolDisk);
            LinuxCalls.sync();
            yield return Take(++index, operation, target, error, begin, taken, before, _probe.ReadCounters(), cancellation);
        }
    }

    private string Do(Step step, CancellationToken cancellation)
    {
        try
        {
            _steps.Do(step, cancellation);
            return "";
        }
        catch (Exception e) when (e is DaemonException or IOException or UnauthorizedAccessException)
        {
            return e.Message.ReplaceLineEndings(" ");
        }
    }

    private Sample Take(
        int index,
        string operation,
        string target,
        string error,
        TimeSpan begin,
        TimeSpan taken,
        IoCounters?[] before,
        IoCounters?[] after,
        CancellationToken cancellation)
    {
        SystemInfoResponse info = Daemon.ReadInfo(cancellation);
        LastStatus = DockerDaemon.StatusOf(info);
        (int imageCount, int danglingCount) = Daemon.CountImages(cancellation);
        (long layersBytes, int layerCount) = _probe.ReadLayers();
        long contentBytes = Math.Max(0, layersBytes - _layersBytes) + _steps.WrittenBytes - _writtenBytes;
        (_layersBytes, _writtenBytes) = (layersBytes, _steps.WrittenBytes);

        var floors = new IoCounters?[Floors.Length];
        foreach (Floor floor in Floors)
        {
            if (after[(int)floor] is { } counters)
                floors[(int)floor] = counters.Since(before[(int)floor] ?? default);
        }

        floors[(int)Floor.Content] = new IoCounters { WriteBytes = contentBytes };
        return _probe.Observe(new Sample
        {
            Scenario = _scenario.Name,
            Variant = _variant.Name,
            Driver = _variant.Driver,
            Options = _optionsText,
            Engine = "docker",
            Seed = _scenario.Seed,
            StepIndex = index,
            Operation = operation,
            Target = target,
            Result = ResultOf(error),
            Error = error,
            ElapsedNanoseconds = (long)(begin + taken).TotalNanoseconds,
            StepNanoseconds = (long)taken.TotalNanoseconds,
            LiveLayersBytes = layersBytes,
            LiveContainersBytes = _steps.ContainersBytes,
            LayerCount = layerCount,
            ImageCount = imageCount,
            DanglingImageCount = danglingCount,
            ContainerCount = (int)info.Containers,
            RunningContainerCount = (int)info.ContainersRunning,
            BackingAllocatedBytes = 0,
            HostFsTotalBytes = 0,
            HostFsUsedBytes = 0,
            HostFsUsedInodes = 0,
            PageCacheBytes = 0,
            Floors = floors,
        });
    }

    /// <summary>What the storage could not hold is a failure, everything else Docker's or the process's refusal.</summary>
    private static StepResult ResultOf(string error) => ErrorKinds.Of(error) switch
    {
        ErrorKind.None => StepResult.Ok,
        ErrorKind.NoSpace or ErrorKind.MinimumFreeSpace or ErrorKind.IoError => StepResult.Failed,
        _ => StepResult.Refused,
    };
}
