using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Replay;

/// <summary>Measures what each step did to a host.</summary>
public sealed class StepSampler(LabHost host, string scenario)
{
    private static readonly Floor[] Floors = Enum.GetValues<Floor>();

    private readonly string _optionsText = string.Join(' ', host.Variant.Options.Select(option => $"{option.Key}={option.Value}"));
    private readonly IoCounters?[] _countersBefore = new IoCounters?[Floors.Length];
    private long _startNanoseconds;
    private long _contentBytesBefore;

    /// <summary>A step begins: what the floors have counted so far is not its doing.</summary>
    public void Begin()
    {
        _startNanoseconds = host.Machine.Clock.NowNanoseconds;
        foreach (Floor floor in Floors)
            _countersBefore[(int)floor] = host.Driver.CountersAt(floor);
        _contentBytesBefore = ContentBytes();
    }

    /// <summary>The step is over and what it left to write is written back: measures it.</summary>
    /// <param name="index">0 for the daemon's start.</param>
    public Sample Take(int index, string operation, string target, DockerOutcome outcome)
    {
        var floors = new IoCounters?[Floors.Length];
        foreach (Floor floor in Floors)
        {
            IoCounters before = _countersBefore[(int)floor] ?? default;
            floors[(int)floor] = host.Driver.CountersAt(floor)?.Since(before);
        }

        floors[(int)Floor.Content] = new IoCounters { WriteBytes = ContentBytes() - _contentBytesBefore };
        FsUsage usage = host.Machine.FileSystem.Usage;
        return host.Driver.Observe(new Sample
        {
            Scenario = scenario,
            Variant = host.Variant.Name,
            Driver = host.Variant.Driver,
            Options = _optionsText,
            Engine = "model",
            Seed = host.Seed,
            StepIndex = index,
            Operation = operation,
            Target = target,
            Result = outcome.Result,
            Error = outcome.Error,
            ElapsedNanoseconds = host.Machine.Clock.NowNanoseconds,
            StepNanoseconds = host.Machine.Clock.NowNanoseconds - _startNanoseconds,
            LiveLayersBytes = host.Engine.Layers.TotalBytes,
            LiveContainersBytes = host.Engine.MeasureContainersBytes(),
            LayerCount = host.Engine.Layers.Count,
            ImageCount = host.Engine.Images.ListedCount,
            DanglingImageCount = host.Engine.Images.DanglingCount,
            ContainerCount = host.Engine.Containers.Count,
            RunningContainerCount = host.Engine.Containers.RunningCount,
            BackingAllocatedBytes = 0,
            HostFsTotalBytes = usage.TotalBytes,
            HostFsUsedBytes = usage.UsedBytes,
            HostFsUsedInodes = usage.UsedInodeCount,
            PageCacheBytes = 0,
            Floors = floors,
        });
    }

    private long ContentBytes() => host.Engine.Layers.UnpackedBytes + host.Process.WrittenBytes;
}
