using BenchmarkDotNet.Attributes;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.ThinProvisioning;

namespace StorageLab.Benchmarks;

/// <summary>The thin pool's core: figures are per 64 KiB block or per device.</summary>
[MemoryDiagnoser]
public class ThinPoolBenchmarks
{
    private const long BlockBytes = 64 << 10;
    private const int BlockCount = 1_638_400;
    private const int MetadataBlockCount = 524_288;
    private const int RequestCount = 1_000_000;
    private const int SnapshotCount = 10_000;
    private const int SharedBlockCount = 163_840;

    private long[] _offsets = [];
    private ThinPool _mappedPool = null!;
    private ThinDevice _mapped = null!;

    /// <summary>A device of 100 GiB, all of it mapped in random order.</summary>
    [GlobalSetup]
    public void Setup()
    {
        // The sequence must be the same on every machine, so it is drawn from a seed.
        var random = new Random(1);
        _mappedPool = NewPool();
        _mapped = OpenNew(_mappedPool, 1);
        var order = new int[BlockCount];
        for (var i = 0; i < BlockCount; i++)
            order[i] = i;
        random.Shuffle(order);
        foreach (int block in order)
            _ = _mapped.Write(block * BlockBytes, BlockBytes);
        _ = _mapped.Flush();
        _offsets = new long[RequestCount];
        for (var i = 0; i < RequestCount; i++)
            _offsets[i] = random.Next(BlockCount) * BlockBytes;
    }

    [Benchmark(OperationsPerInvoke = RequestCount)]
    public long Read_mapped_blocks_at_random_over_100_GiB()
    {
        foreach (long offset in _offsets)
            _ = _mapped.Read(offset, BlockBytes);
        return _mapped.Counters.ReadCount;
    }

    [Benchmark(OperationsPerInvoke = RequestCount)]
    public long Overwrite_mapped_blocks_at_random_over_100_GiB()
    {
        foreach (long offset in _offsets)
            _ = _mapped.Write(offset, BlockBytes);
        return _mapped.Counters.WriteCount;
    }

    /// <summary>First writes in random order; includes making and dropping the pool.</summary>
    [Benchmark(OperationsPerInvoke = RequestCount)]
    public long Provision_blocks_at_random_over_100_GiB()
    {
        ThinPool pool = NewPool();
        ThinDevice device = OpenNew(pool, 1);
        foreach (long offset in _offsets)
            _ = device.Write(offset, BlockBytes);
        return pool.DataUsedBlockCount;
    }

    /// <summary>Writes of 4 KiB to every block of a fresh snapshot of 10 GiB.</summary>
    [Benchmark(OperationsPerInvoke = SharedBlockCount)]
    public long Break_sharing_of_a_10_GiB_snapshot()
    {
        ThinPool pool = NewPool();
        ThinDevice origin = OpenNew(pool, 1);
        _ = origin.Write(0, SharedBlockCount * BlockBytes);
        _ = pool.CreateSnapshot(2, 1);
        ThinDevice snapshot = pool.Open(2, BlockCount * BlockBytes);
        for (long block = 0; block < SharedBlockCount; block++)
            _ = snapshot.Write(block * BlockBytes, 4096);
        return pool.DataUsedBlockCount;
    }

    /// <summary>Snapshots of a device of 100 GiB, each with one block of its own, and their deletion: four transactions a device.</summary>
    [Benchmark(OperationsPerInvoke = SnapshotCount)]
    public long Snapshot_write_and_delete()
    {
        for (var i = 0; i < SnapshotCount; i++)
        {
            _ = _mappedPool.CreateSnapshot(2, 1);
            ThinDevice snapshot = _mappedPool.Open(2, BlockCount * BlockBytes);
            _ = snapshot.Write(_offsets[i], 4096);
            _ = snapshot.Flush();
            snapshot.Close();
            _ = _mappedPool.Delete(2);
        }

        return _mappedPool.MetadataUsedBlockCount;
    }

    /// <summary>Allocation in ascending order: what the data space map costs when the tree is cheap.</summary>
    [Benchmark(OperationsPerInvoke = BlockCount)]
    public long Fill_a_pool_in_ascending_order()
    {
        ThinPool pool = NewPool();
        ThinDevice device = OpenNew(pool, 1);
        _ = device.Write(0, BlockCount * BlockBytes);
        return pool.DataUsedBlockCount;
    }

    /// <summary>A day of a container host: the time of ten times the containers must be at most eleven times as long.</summary>
    [Benchmark]
    [Arguments(1_000)]
    [Arguments(10_000)]
    public long Container_lives(int containerCount)
    {
        ThinPool pool = NewPool();
        ThinDevice image = OpenNew(pool, 1);
        for (long block = 0; block < 3_000; block++)
            _ = image.Write(block * 50 * BlockBytes, BlockBytes);
        for (var i = 0; i < containerCount; i++)
        {
            int id = 2 + (i % 500);
            _ = pool.Delete(id);
            _ = pool.CreateSnapshot(id, 1);
            ThinDevice container = pool.Open(id, 10L << 30);
            for (long block = 0; block < 75; block++)
                _ = container.Write(((block / 10 * 20_000) + ((i + block) % 3_000)) * BlockBytes, 4096);
            _ = container.Flush();
            container.Close();
        }

        return pool.DataUsedBlockCount;
    }

    private static ThinPool NewPool() => new(
        new CountingDevice(BlockCount * BlockBytes),
        new CountingDevice(MetadataBlockCount * 4096L),
        new ThinPoolOptions { DataBlockBytes = BlockBytes, Kernel = new KernelVersion(6, 1, 0) },
        new VirtualClock());

    private static ThinDevice OpenNew(ThinPool pool, int id)
    {
        _ = pool.CreateThin(id);
        return pool.Open(id, BlockCount * BlockBytes);
    }
}
