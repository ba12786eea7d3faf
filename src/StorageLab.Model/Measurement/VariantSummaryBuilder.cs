using StorageLab.Model.Blocks;

namespace StorageLab.Model.Measurement;

/// <summary>Sums one variant's samples as they come, so that a run of any length needs no more memory than a short one.</summary>
/// <remarks>Not safe for use from several threads at once.</remarks>
public sealed class VariantSummaryBuilder
{
    private static readonly int FloorCount = Enum.GetValues<Floor>().Length;

    private readonly IoCounters?[] _floors = new IoCounters?[FloorCount];
    private readonly SortedDictionary<string, (int StepCount, long Nanoseconds)> _operations = new(StringComparer.Ordinal);
    private Sample? _first;
    private Sample? _last;
    private SlowestStep? _slowest;
    private string _firstFailure = "";
    private int _stepCount;
    private int _refusedCount;
    private int _failedCount;
    private long _peakBackingBytes;
    private long _peakLiveBytes;
    private long _deletedLiveBytes;
    private long _givenBackBytes;
    private long? _peakMetadataUsedBlocks;
    private long _peakInodes;
    private long _peakPageCacheBytes;
    private long _busyNanoseconds;

    /// <summary>Takes the next sample of the variant, in the order of the steps and beginning with the daemon's start.</summary>
    public void Add(Sample sample)
    {
        _first ??= sample;
        AddLevels(sample);
        if (_last is not null)
            AddStep(sample, _last);
        _last = sample;
    }

    /// <summary>The summary so far; null before the first sample.</summary>
    public VariantSummary? ToSummary() => _first is null || _last is null ? null : new VariantSummary
    {
        Variant = _first.Variant,
        Driver = _first.Driver,
        Options = _first.Options,
        StepCount = _stepCount,
        RefusedStepCount = _refusedCount,
        FailedStepCount = _failedCount,
        FirstFailure = _firstFailure,
        FreshBackingBytes = _first.BackingAllocatedBytes,
        PeakBackingBytes = _peakBackingBytes,
        FinalBackingBytes = _last.BackingAllocatedBytes,
        PeakLiveBytes = _peakLiveBytes,
        FinalLiveBytes = _last.LiveBytes,
        DeletedLiveBytes = _deletedLiveBytes,
        GivenBackBytes = _givenBackBytes,
        PeakMetadataUsedBlocks = _peakMetadataUsedBlocks,
        FinalMetadataUsedBlocks = _last.PoolMetadataUsedBlocks,
        FinalPoolDataBytes = _last.PoolDataUsedBlocks * _last.PoolBlockBytes,
        PeakInodes = _peakInodes,
        FinalInodes = _last.HostFsUsedInodes,
        PeakPageCacheBytes = _peakPageCacheBytes,
        Floors = [.. _floors],
        VirtualNanoseconds = _last.ElapsedNanoseconds - _first.ElapsedNanoseconds,
        BusyNanoseconds = _busyNanoseconds,
        SlowestStep = _slowest,
        OperationCosts = [.. _operations.Select(o => new OperationCost(o.Key, o.Value.StepCount, o.Value.Nanoseconds))],
    };

    private void AddLevels(Sample sample)
    {
        _peakBackingBytes = Math.Max(_peakBackingBytes, sample.BackingAllocatedBytes);
        _peakLiveBytes = Math.Max(_peakLiveBytes, sample.LiveBytes);
        _peakInodes = Math.Max(_peakInodes, sample.HostFsUsedInodes);
        _peakPageCacheBytes = Math.Max(_peakPageCacheBytes, sample.PageCacheBytes);
        if (sample.PoolMetadataUsedBlocks is { } blocks)
            _peakMetadataUsedBlocks = Math.Max(_peakMetadataUsedBlocks ?? 0, blocks);
    }

    private void AddStep(Sample sample, Sample before)
    {
        _stepCount++;
        if (sample.Result == StepResult.Refused)
            _refusedCount++;
        if (sample.Result == StepResult.Failed && _failedCount++ == 0)
            _firstFailure = sample.Error;
        if (sample.Operation != DockerOperation.Wait)
            _busyNanoseconds += sample.StepNanoseconds;
        if (DockerOperation.IsDelete(sample.Operation))
        {
            _deletedLiveBytes += before.LiveBytes - sample.LiveBytes;
            _givenBackBytes += before.BackingAllocatedBytes - sample.BackingAllocatedBytes;
        }
        if (sample.Operation != DockerOperation.Wait && (_slowest is null || sample.StepNanoseconds > _slowest.Nanoseconds))
            _slowest = new SlowestStep(sample.StepIndex, sample.Operation, sample.Target, sample.StepNanoseconds);
        _operations.TryGetValue(sample.Operation, out (int StepCount, long Nanoseconds) cost);
        _operations[sample.Operation] = (cost.StepCount + 1, cost.Nanoseconds + sample.StepNanoseconds);
        AddFloors(sample);
    }

    private void AddFloors(Sample sample)
    {
        for (var floor = 0; floor < FloorCount; floor++)
        {
            if (sample.Floors[floor] is not { } step)
                continue;
            IoCounters sum = _floors[floor] ?? default;
            sum.ReadCount += step.ReadCount;
            sum.ReadBytes += step.ReadBytes;
            sum.WriteCount += step.WriteCount;
            sum.WriteBytes += step.WriteBytes;
            sum.DiscardCount += step.DiscardCount;
            sum.DiscardBytes += step.DiscardBytes;
            sum.FlushCount += step.FlushCount;
            _floors[floor] = sum;
        }
    }
}
