using System.Collections.Immutable;

namespace StorageLab.Scenarios.Recorded;

/// <summary>The columns that the recording program writes, and what each may hold.</summary>
internal static class TrajectoryColumns
{
    /// <summary>What a trajectory cannot be read without.</summary>
    public static ImmutableArray<string> Needed { get; } = ["step", "op", "target", "ok", "error"];

    private static readonly ImmutableArray<string> Floors = ["disk", "rootdisk", "datadev", "metadev", "pool"];

    private static readonly ImmutableArray<string> Counters =
        ["read_ios", "read_bytes", "write_ios", "write_bytes", "discard_ios", "discard_bytes", "flush_ios"];

    /// <summary>Whole numbers; an empty cell is a measure that the host has not.</summary>
    private static readonly ImmutableHashSet<string> Measures =
    [
        "live_layers_bytes", "layers", "images", "dangling_images", "containers", "containers_running",
        "data_file_allocated_bytes", "data_file_apparent_bytes", "metadata_file_allocated_bytes", "metadata_file_apparent_bytes",
        "pool_data_used_blocks", "pool_data_total_blocks", "pool_metadata_used_blocks", "pool_metadata_total_blocks", "pool_block_bytes",
        "pool_transaction_id", "thin_devices", "host_fs_total_bytes", "host_fs_used_bytes", "host_fs_used_inodes",
        "graph_dir_allocated_bytes", "graph_dir_inodes", "docker_dir_allocated_bytes", "page_cache_bytes", "active_file_bytes", "mem_available_bytes",
        .. Floors.SelectMany(floor => Counters.Select(counter => $"{floor}_{counter}")),
    ];

    /// <summary>What is not compared: times and the daemon's status, which the replay is told, and text.</summary>
    private static readonly ImmutableHashSet<string> Remarks =
    [
        "start_s", "wall_s", "pool_mode", "pool_status_line", "pool_table_line", "active_thin_mapped_sectors_json", "driver_status_json", "detail_json",
    ];

    public static IEnumerable<string> All => Needed.Concat(Measures).Concat(Remarks);

    public static bool IsKnown(string column) =>
        Needed.Contains(column) || IsMeasure(column) || Remarks.Contains(column);

    public static bool IsMeasure(string column) => Measures.Contains(column);

    /// <summary>Whether a measure is what happened during the step; a device that was made anew in it counts from 0 again, so it may fall.</summary>
    public static bool IsFlow(string column) => Floors.Any(floor => column.StartsWith(floor + "_", StringComparison.Ordinal))
        && Counters.Any(counter => column.EndsWith("_" + counter, StringComparison.Ordinal));
}
