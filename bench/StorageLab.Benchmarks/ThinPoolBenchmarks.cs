using BenchmarkDotNet.Attributes;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.ThinProvisioning;

namespace StorageLab.Benchmarks;

/// <summary>The thin pool's core with a device of 100 GiB: figures are per 64 KiB block, or per device where the name says so.</summary>
public class ThinPoolBenchmarks
{
    private const long BlockBytes = 64 << 10;
    private const int BlockCount = 1_638_400;
    private const int PoolBlockCount = BlockCount * 11 / 10;
    private const int MetadataBlockCount = 524_288;
    private const int RequestCount = 1_000_000;
    private const int SnapshotCount = 10_000;
    private const int SharedBlockCount = 163_840;
    private const int HoleSpacing = 10;
    private const int HoleCount = 50_000;

    private long[] _offsets = [];
    private ThinPool _pool = null!;
    private ThinDevice _device = null!;

    /// <summary>A device of 100 GiB, all of it mapped in random order.</summary>
    [GlobalSetup(Targets = [
        nameof(Read_mapped_blocks_at_random_over_100_GiB), nameof(Overwrite_mapped_blocks_at_random_over_100_GiB), nameof(Snapshot_a_device_write_and_delete)])]
    public void MapAtRandom()
    {
        DrawOffsets();
        _pool = NewPool();
        _device = OpenNew(_pool, 1);
        var order = new int[BlockCount];
        for (var i = 0; i < BlockCount; i++)
            order[i] = i;
        new Random(1).Shuffle(order);
        foreach (int block in order)
            Must(_device.Write(block * BlockBytes, BlockBytes));
        Must(_device.Flush());
    }

    /// <summary>A full pool but for every tenth block of one device.</summary>
    [GlobalSetup(Target = nameof(Allocate_where_every_tenth_block_is_free))]
    public void MapAllButEveryTenth()
    {
        _pool = NewPool();
        _device = OpenNew(_pool, 1);
        Must(_device.Write(0, BlockCount * BlockBytes));
        Must(OpenNew(_pool, 3).Write(0, (PoolBlockCount - BlockCount) * BlockBytes));
        for (long block = 0; block < BlockCount; block += HoleSpacing)
            Must(_device.Discard(block * BlockBytes, BlockBytes));
        Must(_device.Flush());
    }

    /// <summary>The sequence must be the same on every machine, so it is drawn from a seed.</summary>
    [GlobalSetup(Target = nameof(Provision_blocks_at_random_over_100_GiB))]
    public void DrawOffsets()
    {
        Random random = new(1);
        _offsets = [.. Enumerable.Range(0, RequestCount).Select(_ => random.Next(BlockCount) * BlockBytes)];
    }

    [Benchmark(OperationsPerInvoke = RequestCount)]
    public long Read_mapped_blocks_at_random_over_100_GiB()
    {
        foreach (long offset in _offsets)
            _ = _device.Read(offset, BlockBytes);
        return _device.Counters.ReadCount;
    }

    [Benchmark(OperationsPerInvoke = RequestCount)]
    public long Overwrite_mapped_blocks_at_random_over_100_GiB()
    {
        foreach (long offset in _offsets)
            _ = _device.Write(offset, BlockBytes);
        return _device.Counters.WriteCount;
    }

    /// <summary>First writes in random order; includes making and dropping the pool.</summary>
    [Benchmark(OperationsPerInvoke = RequestCount)]
    public long Provision_blocks_at_random_over_100_GiB()
    {
        ThinPool pool = NewPool();
        ThinDevice device = OpenNew(pool, 1);
        foreach (long offset in _offsets)
            Must(device.Write(offset, BlockBytes));
        return pool.DataUsedBlockCount;
    }

    /// <summary>The data space map where the tree is cheap: one write of all 100 GiB.</summary>
    [Benchmark(OperationsPerInvoke = BlockCount)]
    public long Fill_a_pool_in_ascending_order()
    {
        ThinPool pool = NewPool();
        Must(OpenNew(pool, 1).Write(0, BlockCount * BlockBytes));
        return pool.DataUsedBlockCount;
    }

    /// <summary>The data space map's search: every block comes from another place, and goes back when the device is deleted.</summary>
    [Benchmark(OperationsPerInvoke = HoleCount)]
    public long Allocate_where_every_tenth_block_is_free()
    {
        ThinDevice device = OpenNew(_pool, 2);
        Must(device.Write(0, HoleCount * BlockBytes));
        device.Close();
        Must(_pool.Delete(2));
        Must(_pool.Commit());
        return _pool.DataUsedBlockCount;
    }

    /// <summary>Writes of 4 KiB to every block of a fresh snapshot of 10 GiB.</summary>
    [Benchmark(OperationsPerInvoke = SharedBlockCount)]
    public long Break_sharing_of_a_10_GiB_snapshot()
    {
        ThinPool pool = NewPool();
        Must(OpenNew(pool, 1).Write(0, SharedBlockCount * BlockBytes));
        Must(pool.CreateSnapshot(2, 1));
        ThinDevice snapshot = pool.Open(2, BlockCount * BlockBytes);
        for (long block = 0; block < SharedBlockCount; block++)
            Must(snapshot.Write(block * BlockBytes, 4096));
        return pool.DataUsedBlockCount;
    }

    /// <summary>Snapshots of a device of 100 GiB, each with one block of its own, and their deletion: four transactions a device.</summary>
    [Benchmark(OperationsPerInvoke = SnapshotCount)]
    public long Snapshot_a_device_write_and_delete()
    {
        for (var i = 0; i < SnapshotCount; i++)
        {
            Must(_pool.CreateSnapshot(2, 1));
            ThinDevice snapshot = _pool.Open(2, BlockCount * BlockBytes);
            Must(snapshot.Write(_offsets[i], 4096));
            Must(snapshot.Flush());
            snapshot.Close();
            Must(_pool.Delete(2));
        }
        return _pool.MetadataUsedBlockCount;
    }

    private static void Must(IoStatus status)
    {
        if (status != IoStatus.Ok)
            throw new InvalidOperationException($"a request ended with {status}");
    }

    private static void Must(ThinMessageStatus status)
    {
        if (status != ThinMessageStatus.Ok)
            throw new InvalidOperationException($"a message ended with {status}");
    }

    private static ThinPool NewPool() => new(
        new CountingDevice(PoolBlockCount * BlockBytes),
        new CountingDevice(MetadataBlockCount * 4096L),
        new ThinPoolOptions { DataBlockBytes = BlockBytes, Kernel = new KernelVersion(6, 1, 0) },
        new VirtualClock());

    private static ThinDevice OpenNew(ThinPool pool, int id)
    {
        Must(pool.CreateThin(id));
        return pool.Open(id, BlockCount * BlockBytes);
    }
}
