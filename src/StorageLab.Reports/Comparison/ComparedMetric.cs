using System.Collections.Immutable;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Comparison;

/// <summary>What two runs are compared by: a column of the samples, or a sum of two.</summary>
/// <param name="Name">As in samples.csv, with its unit.</param>
/// <param name="IsFlow">Whether steps add to it, so that sums are compared; else levels are.</param>
/// <param name="Value">Of one sample; null where the driver has no such thing.</param>
public sealed record ComparedMetric(string Name, bool IsFlow, Func<Sample, long?> Value)
{
    public static ImmutableArray<ComparedMetric> All { get; } =
    [
        new("backing_allocated_bytes", false, sample => sample.BackingAllocatedBytes),
        new("live_bytes", false, sample => sample.LiveBytes),
        new("data_file_allocated_bytes", false, sample => sample.DataFileAllocatedBytes),
        new("pool_data_used_bytes", false, sample => sample.PoolDataUsedBlocks * sample.PoolBlockBytes),
        new("pool_metadata_used_blocks", false, sample => sample.PoolMetadataUsedBlocks),
        new("host_fs_used_bytes", false, sample => sample.HostFsUsedBytes),
        new("host_fs_used_inodes", false, sample => sample.HostFsUsedInodes),
        new("disk_write_bytes", true, sample => sample.At(Floor.Disk)?.WriteBytes + (sample.At(Floor.RootDisk)?.WriteBytes ?? 0)),
        new("step_ns", true, sample => sample.StepNanoseconds),
    ];
}
