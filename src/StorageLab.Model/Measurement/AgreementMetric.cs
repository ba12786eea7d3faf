using System.Collections.Immutable;

namespace StorageLab.Model.Measurement;

/// <summary>A metric by which the model is judged against recorded runs.</summary>
/// <param name="Name">Column of the recorded trajectory.</param>
/// <param name="Value">The model's value.</param>
/// <param name="IsFlow">What went through during a step rather than a level after it. Flows are judged by their sum and the median step.</param>
/// <param name="SmallestJudged">Steps with a smaller real value are not judged, because a relative error of next to nothing says nothing.</param>
/// <param name="MedianLimit">Largest median error allowed, as a fraction.</param>
/// <param name="WorstLimit">Largest error of a step, for a flow of the sum, as a fraction.</param>
public sealed record AgreementMetric(
    string Name, Func<Sample, long?> Value, bool IsFlow, long SmallestJudged, double MedianLimit, double WorstLimit)
{
    private const long Megabyte = 1_000_000;

    /// <summary>Median limit for pools of large blocks, where the real thing differs from itself by 2.6 % (recorded runs, FINDINGS item 4).</summary>
    public double LargeBlockMedianLimit { get; init; } = MedianLimit;

    /// <summary>Worst limit for pools of large blocks.</summary>
    public double LargeBlockWorstLimit { get; init; } = WorstLimit;

    /// <summary>All judged metrics. What depends on elapsed time (the metadata file, flushes) is not repeatable on real hosts and not judged.</summary>
    public static ImmutableArray<AgreementMetric> All { get; } =
    [
        new("pool_data_used_blocks", s => s.PoolDataUsedBlocks, false, 0, 0.01, 0.05) { LargeBlockMedianLimit = 0.03, LargeBlockWorstLimit = 0.08 },
        new("data_file_allocated_bytes", s => s.DataFileAllocatedBytes, false, 0, 0.01, 0.05),
        new("pool_metadata_used_blocks", s => s.PoolMetadataUsedBlocks - s.PoolMetadataReservedBlocks, false, 0, 0.05, 0.05),
        new("graph_dir_allocated_bytes", s => s.GraphDirAllocatedBytes, false, Megabyte, 0.01, 0.05),
        new("graph_dir_inodes", s => s.GraphDirInodes, false, 0, 0.005, 0.005),
        new("host_fs_used_inodes", s => s.HostFsUsedInodes, false, 0, 0.005, 0.005),
        new("disk_write_bytes", s => s.At(Floor.Disk)?.WriteBytes, true, Megabyte, 0.15, 0.10),
    ];
}
