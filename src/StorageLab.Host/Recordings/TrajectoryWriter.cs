using System.Globalization;
using System.Text;
using System.Text.Json;
using StorageLab.Host.Docker;
using StorageLab.Model.Blocks;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;

namespace StorageLab.Host.Recordings;

/// <summary>Writes trajectory.csv of a recorded run, row by row; every row is on the disk when it is added.</summary>
internal sealed class TrajectoryWriter : IDisposable
{
    private static readonly (string Name, Floor Floor)[] Floors =
    [
        ("disk", Floor.Disk), ("rootdisk", Floor.RootDisk), ("datadev", Floor.DataDevice), ("metadev", Floor.MetadataDevice), ("pool", Floor.Thin),
    ];

    private static readonly (string Name, Func<IoCounters, long> Value)[] Counters =
    [
        ("read_ios", c => c.ReadCount), ("read_bytes", c => c.ReadBytes), ("write_ios", c => c.WriteCount), ("write_bytes", c => c.WriteBytes),
        ("discard_ios", c => c.DiscardCount), ("discard_bytes", c => c.DiscardBytes), ("flush_ios", c => c.FlushCount),
    ];

    private static readonly (string Name, Func<Sample, object?> Value)[] Columns =
    [
        ("target", s => s.Target),
        ("ok", s => s.Error.Length == 0 ? 1 : 0),
        ("error", s => s.Error),
        ("start_s", s => Seconds(s.ElapsedNanoseconds - s.StepNanoseconds)),
        ("wall_s", s => Seconds(s.StepNanoseconds)),
        ("live_layers_bytes", s => s.LiveLayersBytes),
        ("layers", s => s.LayerCount),
        ("images", s => s.ImageCount),
        ("dangling_images", s => s.DanglingImageCount),
        ("containers", s => s.ContainerCount),
        ("containers_running", s => s.RunningContainerCount),
        ("data_file_allocated_bytes", s => s.DataFileAllocatedBytes),
        ("data_file_apparent_bytes", s => s.DataFileApparentBytes),
        ("metadata_file_allocated_bytes", s => s.MetadataFileAllocatedBytes),
        ("pool_data_used_blocks", s => s.PoolDataUsedBlocks),
        ("pool_data_total_blocks", s => s.PoolDataTotalBlocks),
        ("pool_metadata_used_blocks", s => s.PoolMetadataUsedBlocks),
        ("pool_metadata_total_blocks", s => s.PoolMetadataTotalBlocks),
        ("pool_block_bytes", s => s.PoolBlockBytes),
        ("pool_mode", s => s.PoolMode),
        ("thin_devices", s => s.ThinDeviceCount),
        ("host_fs_total_bytes", s => s.HostFsTotalBytes),
        ("host_fs_used_bytes", s => s.HostFsUsedBytes),
        ("host_fs_used_inodes", s => s.HostFsUsedInodes),
        ("graph_dir_allocated_bytes", s => s.GraphDirAllocatedBytes),
        ("graph_dir_inodes", s => s.GraphDirInodes),
        ("page_cache_bytes", s => s.PageCacheBytes),
    ];

    private readonly FileStream _file;

    /// <param name="folder">The run's.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public TrajectoryWriter(string folder)
    {
        _file = new FileStream(Path.Combine(folder, "trajectory.csv"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        Write([
            "step", "op", .. Columns.Select(column => column.Name),
            .. Floors.SelectMany(floor => Counters.Select(counter => $"{floor.Name}_{counter.Name}")),
            "driver_status_json",
        ]);
    }

    /// <param name="step">What was done; null for the daemon's start.</param>
    /// <param name="sample">What was measured after it.</param>
    /// <param name="status">What the daemon said of its driver then.</param>
    public void Add(Step? step, Sample sample, DaemonDriver status)
    {
        List<object?> row = [sample.StepIndex, step is null ? RecordedWords.DaemonStart : RecordedWords.Of(step)];
        row.AddRange(Columns.Select(column => column.Value(sample)));
        foreach ((_, Floor floor) in Floors)
            row.AddRange(Counters.Select(counter => sample.At(floor) is { } counters ? (object?)counter.Value(counters) : null));
        row.Add(JsonSerializer.Serialize(status.Lines.DistinctBy(line => line.Key).ToDictionary(line => line.Key, line => line.Value)));
        Write(row.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? ""));
    }

    public void Dispose() => _file.Dispose();

    private void Write(IEnumerable<string> cells)
    {
        _file.Write(Encoding.UTF8.GetBytes(string.Join(',', cells.Select(Quoted)) + "\n"));
        _file.Flush(flushToDisk: true);
    }

    private static string Seconds(long nanoseconds) => (nanoseconds / 1_000_000_000m).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>RFC 4180.</summary>
    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\n\r") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
