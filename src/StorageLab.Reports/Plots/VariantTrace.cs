using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Plots;

/// <summary>What the plots need of one variant, gathered while the samples stream by.</summary>
internal sealed class VariantTrace(int plannedStepCount)
{
    private readonly List<DeleteEffect> _deletes = [];
    private Sample? _last;

    public ThinnedSeries Backing { get; } = new(plannedStepCount);

    public ThinnedSeries Live { get; } = new(plannedStepCount);

    /// <summary>Bytes of the pool's used data blocks; empty without a pool.</summary>
    public ThinnedSeries PoolData { get; } = new(plannedStepCount);

    /// <summary>Allocation of the pool's data file; empty without one.</summary>
    public ThinnedSeries DataFile { get; } = new(plannedStepCount);

    public IReadOnlyList<DeleteEffect> Deletes => _deletes;

    public int LastStep => _last?.StepIndex ?? 0;

    public void Add(Sample sample)
    {
        Backing.Add(sample.StepIndex, sample.BackingAllocatedBytes);
        Live.Add(sample.StepIndex, sample.LiveBytes);
        if (sample.PoolDataUsedBlocks * sample.PoolBlockBytes is { } poolBytes)
            PoolData.Add(sample.StepIndex, poolBytes);
        if (sample.DataFileAllocatedBytes is { } fileBytes)
            DataFile.Add(sample.StepIndex, fileBytes);
        if (_last is not null && DockerOperation.IsDelete(sample.Operation))
        {
            _deletes.Add(new DeleteEffect(
                sample.StepIndex,
                _last.LiveBytes - sample.LiveBytes,
                _last.BackingAllocatedBytes - sample.BackingAllocatedBytes));
        }
        _last = sample;
    }
}
