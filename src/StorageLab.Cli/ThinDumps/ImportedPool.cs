using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.ThinProvisioning;
using StorageLab.Scenarios.ThinDumps;

namespace StorageLab.Cli.ThinDumps;

/// <summary>A dumped pool on devices of the model, to be asked and changed.</summary>
internal sealed class ImportedPool
{
    /// <summary>Size of the metadata device, in bytes: what Docker's loop-lvm takes, and room for every dump that is read.</summary>
    public const long MetadataBytes = 2L << 30;

    /// <summary>The kernel whose metadata trees the pool is rebuilt with.</summary>
    private static readonly KernelVersion Kernel = new(6, 1, 0);

    private readonly ThinPool _pool;

    private ImportedPool(ThinPool pool) => _pool = pool;

    public ThinPool Pool => _pool;

    /// <summary>Metadata blocks in use, without those that a newer kernel holds back.</summary>
    public long MetadataUsedBlockCount => _pool.MetadataUsedBlockCount - _pool.MetadataReservedBlockCount;

    /// <exception cref="Scenarios.InputException">The file is no dump.</exception>
    public static ImportedPool Read(string path, DiskProfile profile) => ThinDumpReader.Read(path, (header, contents) =>
    {
        VirtualClock clock = new();
        ThinPoolOptions options = new() { DataBlockBytes = header.DataBlockBytes, Kernel = Kernel, ErrorIfNoSpace = true };
        return new ImportedPool(ThinPool.Restore(
            new Disk(header.DataBytes, profile, clock), new Disk(MetadataBytes, profile, clock), options, clock, contents));
    });

    /// <summary>Snapshots a device, as Docker does for every layer and container.</summary>
    public PoolChange Snapshot(int device)
    {
        int snapshot = _pool.DeviceIds.Max() + 1;
        return Do($"snapshot {device} as {snapshot}", () => ThinPool.DeviceIdMax < snapshot ? "no device id is left" : Said(_pool.CreateSnapshot(snapshot, device)));
    }

    /// <summary>Writes every block that a device maps once over.</summary>
    public PoolChange Overwrite(int device) => Do($"overwrite {device}", () =>
    {
        IReadOnlyList<ThinMappingRun> runs = _pool.MappedRuns(device);
        if (runs.Count == 0)
            return "maps nothing";
        long blockBytes = _pool.Options.DataBlockBytes;
        ThinDevice open = _pool.Open(device, (runs[^1].VirtualBlock + runs[^1].BlockCount) * blockBytes);
        IoStatus status = IoStatus.Ok;
        foreach (ThinMappingRun run in runs)
        {
            status = open.Write(run.VirtualBlock * blockBytes, run.BlockCount * blockBytes);
            if (status != IoStatus.Ok)
                break;
        }

        open.Close();
        _ = _pool.Commit();
        return status == IoStatus.Ok ? "" : "the pool is full before it is done";
    });

    /// <summary>Deletes a device. Blocks that others map stay.</summary>
    public PoolChange Delete(int device)
    {
        long mapped = _pool.MappedBlockCount(device);
        long before = _pool.DataUsedBlockCount;
        return Do($"delete {device}", () =>
        {
            string said = Said(_pool.Delete(device));
            long kept = mapped - (before - _pool.DataUsedBlockCount);
            return said.Length > 0 || kept == 0 ? said : FormattableString.Invariant($"{kept:#,0} of its blocks stay: other devices map them");
        });
    }

    private PoolChange Do(string action, Func<string> change)
    {
        (long data, long metadata) = (_pool.DataUsedBlockCount, MetadataUsedBlockCount);
        string remark = change();
        return new PoolChange(action, _pool.DataUsedBlockCount - data, MetadataUsedBlockCount - metadata, remark);
    }

    private static string Said(ThinMessageStatus status) => status == ThinMessageStatus.Ok ? "" : $"fails: {status}";
}
