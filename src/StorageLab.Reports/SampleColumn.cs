using StorageLab.Model.Blocks;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports;

/// <summary>One column of <c>samples.csv</c>: its name, and where its value comes from.</summary>
/// <remarks>Names carry their unit and are those of the recorded runs where both mean the same, so that the two can be laid over each other.
/// An empty cell says that the driver has no such thing.</remarks>
public sealed class SampleColumn
{
    /// <summary>Version of the table. It grows when a column changes its meaning or goes, not when one is added.</summary>
    public const int SchemaVersion = 1;

    private SampleColumn(string name, Func<Sample, long?>? number, Func<Sample, ulong>? unsigned, Func<Sample, string?>? text) =>
        (Name, Number, Unsigned, Text) = (name, number, unsigned, text);

    public string Name { get; }

    internal Func<Sample, long?>? Number { get; }

    internal Func<Sample, ulong>? Unsigned { get; }

    internal Func<Sample, string?>? Text { get; }

    /// <summary>All columns in the order of the file.</summary>
    public static IReadOnlyList<SampleColumn> All { get; } = [.. StepColumns(), .. SpaceColumns(), .. FloorColumns()];

    /// <summary>Prefix of a floor's columns.</summary>
    internal static string PrefixOf(Floor floor) => floor switch
    {
        Floor.Content => "content",
        Floor.Thin => "thin",
        Floor.DataDevice => "datadev",
        Floor.MetadataDevice => "metadev",
        Floor.Disk => "disk",
        Floor.RootDisk => "rootdisk",
        _ => throw new ArgumentOutOfRangeException(nameof(floor)),
    };

    /// <summary>The word of the column <c>result</c>.</summary>
    internal static string WordOf(StepResult result) => result switch
    {
        StepResult.Ok => "ok",
        StepResult.Refused => "refused",
        StepResult.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };

    private static IEnumerable<SampleColumn> StepColumns() =>
    [
        OfNumber("schema_version", _ => SchemaVersion),
        OfText("scenario", s => s.Scenario),
        OfText("variant", s => s.Variant),
        OfText("driver", s => s.Driver),
        OfText("options", s => s.Options),
        OfText("engine", s => s.Engine),
        new("seed", null, s => s.Seed, null),
        OfNumber("step", s => s.StepIndex),
        OfText("op", s => s.Operation),
        OfText("target", s => s.Target),
        OfText("result", s => WordOf(s.Result)),
        OfText("error", s => s.Error),
        OfNumber("elapsed_ns", s => s.ElapsedNanoseconds),
        OfNumber("step_ns", s => s.StepNanoseconds),
        OfNumber("live_layers_bytes", s => s.LiveLayersBytes),
        OfNumber("live_containers_bytes", s => s.LiveContainersBytes),
        OfNumber("layers", s => s.LayerCount),
        OfNumber("images", s => s.ImageCount),
        OfNumber("dangling_images", s => s.DanglingImageCount),
        OfNumber("containers", s => s.ContainerCount),
        OfNumber("containers_running", s => s.RunningContainerCount),
    ];

    private static IEnumerable<SampleColumn> SpaceColumns() =>
    [
        OfNumber("backing_allocated_bytes", s => s.BackingAllocatedBytes),
        OfNumber("data_file_allocated_bytes", s => s.DataFileAllocatedBytes),
        OfNumber("data_file_apparent_bytes", s => s.DataFileApparentBytes),
        OfNumber("metadata_file_allocated_bytes", s => s.MetadataFileAllocatedBytes),
        OfNumber("pool_data_used_blocks", s => s.PoolDataUsedBlocks),
        OfNumber("pool_data_total_blocks", s => s.PoolDataTotalBlocks),
        OfNumber("pool_metadata_used_blocks", s => s.PoolMetadataUsedBlocks),
        OfNumber("pool_metadata_total_blocks", s => s.PoolMetadataTotalBlocks),
        OfNumber("pool_metadata_reserved_blocks", s => s.PoolMetadataReservedBlocks),
        OfNumber("pool_block_bytes", s => s.PoolBlockBytes),
        OfText("pool_mode", s => s.PoolMode),
        OfNumber("thin_devices", s => s.ThinDeviceCount),
        OfNumber("host_fs_total_bytes", s => s.HostFsTotalBytes),
        OfNumber("host_fs_used_bytes", s => s.HostFsUsedBytes),
        OfNumber("host_fs_used_inodes", s => s.HostFsUsedInodes),
        OfNumber("graph_dir_allocated_bytes", s => s.GraphDirAllocatedBytes),
        OfNumber("graph_dir_inodes", s => s.GraphDirInodes),
        OfNumber("page_cache_bytes", s => s.PageCacheBytes),
    ];

    private static IEnumerable<SampleColumn> FloorColumns()
    {
        foreach (Floor floor in Enum.GetValues<Floor>())
        {
            string prefix = PrefixOf(floor);
            yield return OfFloor(prefix + "_read_ios", floor, c => c.ReadCount);
            yield return OfFloor(prefix + "_read_bytes", floor, c => c.ReadBytes);
            yield return OfFloor(prefix + "_write_ios", floor, c => c.WriteCount);
            yield return OfFloor(prefix + "_write_bytes", floor, c => c.WriteBytes);
            yield return OfFloor(prefix + "_discard_ios", floor, c => c.DiscardCount);
            yield return OfFloor(prefix + "_discard_bytes", floor, c => c.DiscardBytes);
            yield return OfFloor(prefix + "_flush_ios", floor, c => c.FlushCount);
        }
    }

    private static SampleColumn OfNumber(string name, Func<Sample, long?> number) => new(name, number, null, null);

    private static SampleColumn OfText(string name, Func<Sample, string?> text) => new(name, null, null, text);

    private static SampleColumn OfFloor(string name, Floor floor, Func<IoCounters, long> count) =>
        new(name, s => s.At(floor) is { } counters ? count(counters) : null, null, null);
}
