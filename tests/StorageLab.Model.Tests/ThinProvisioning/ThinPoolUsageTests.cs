using CsCheck;
using StorageLab.Model.Blocks;
using StorageLab.Model.ThinProvisioning;
using Xunit;

namespace StorageLab.Model.Tests.ThinProvisioning;

public sealed class ThinPoolUsageTests
{
    private const long Block = TestPool.BlockBytes;

    [Fact]
    public void A_snapshot_shares_all_until_one_side_writes()
    {
        TestPool test = WithSnapshot();
        Assert.Equal([new(1, 5, 0), new ThinDeviceUsage(2, 5, 0)], ThinPoolUsage.Of(test.Pool).Devices);

        Assert.Equal(IoStatus.Ok, test.Pool.Open(2, 100 * Block).Write(0, 2 * Block));
        ThinPoolUsage usage = ThinPoolUsage.Of(test.Pool);
        Assert.Equal([new(1, 5, 2), new ThinDeviceUsage(2, 5, 2)], usage.Devices);
        Assert.Equal((7, 3, 6), (usage.UsedBlockCount, usage.SharedBlockCount, usage.HighestUsedBlock));
    }

    [Fact]
    public void An_empty_pool_is_one_run_of_free_blocks()
    {
        ThinPoolUsage usage = ThinPoolUsage.Of(new TestPool(2000, 400).Pool);
        Assert.Equal((0, 0, 0, -1, 2000), (usage.UsedBlockCount, usage.SharedBlockCount, usage.UsedRunCount, usage.HighestUsedBlock, usage.LargestFreeRunBlockCount));
    }

    [Fact]
    public void Layout_and_owners_are_those_of_every_block_looked_at_alone() => Histories.Sample(history =>
    {
        ThinPool pool = Play(history).Pool;
        Dictionary<long, int> owners = [];
        foreach (int id in pool.DeviceIds)
        {
            foreach (long block in pool.MappedRuns(id).SelectMany(run => Enumerable.Range(0, (int)run.BlockCount).Select(i => run.DataBlock + i)))
                owners[block] = owners.GetValueOrDefault(block) + 1;
        }

        ThinPoolUsage usage = ThinPoolUsage.Of(pool);
        Assert.Equal(owners.Count, usage.UsedBlockCount);
        Assert.Equal(owners.Count(owner => owner.Value > 1), usage.SharedBlockCount);
        Assert.Equal(owners.Keys.DefaultIfEmpty(-1).Max(), usage.HighestUsedBlock);
        Assert.Equal(owners.Keys.Count(block => !owners.ContainsKey(block - 1)), usage.UsedRunCount);
        Assert.Equal(pool.DeviceIds.Sum(pool.MappedBlockCount), usage.Devices.Sum(device => device.MappedBlockCount));
    });

    [Fact]
    public void Blocks_of_the_pools_own_size_are_those_it_has() =>
        Histories.Sample(history =>
        {
            ThinPool pool = Play(history).Pool;
            Assert.Equal(ThinPoolUsage.Of(pool).UsedBlockCount, LargerBlocks.Count(pool, 1));
        });

    [Fact]
    public void A_larger_block_is_shared_only_where_all_of_it_is()
    {
        TestPool test = WithSnapshot();
        Assert.Equal(2, LargerBlocks.Count(test.Pool, 4));
        Assert.Equal(IoStatus.Ok, test.Pool.Open(2, 100 * Block).Write(0, Block));
        Assert.Equal(3, LargerBlocks.Count(test.Pool, 4));
    }

    private static Gen<(int Device, int Block, int Count)[]> Histories => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 60], Gen.Int[1, 20]).Array[1, 40];

    /// <summary>Writes; a write to a device that is not there yet snapshots the one before it first.</summary>
    private static TestPool Play((int Device, int Block, int Count)[] history)
    {
        TestPool test = new(2000, 400);
        List<ThinDevice> devices = [test.CreateAndOpen(0)];
        foreach ((int device, int block, int count) in history)
        {
            if (device >= devices.Count)
            {
                Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateSnapshot(devices.Count, devices.Count - 1));
                devices.Add(test.Pool.Open(devices.Count, 100 * Block));
            }

            Assert.Equal(IoStatus.Ok, devices[Math.Min(device, devices.Count - 1)].Write(block * Block, count * Block));
        }

        Assert.Equal(IoStatus.Ok, test.Pool.Commit());
        return test;
    }

    private static TestPool WithSnapshot()
    {
        TestPool test = new(2000, 400);
        Assert.Equal(IoStatus.Ok, test.CreateAndOpen(1).Write(0, 5 * Block));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateSnapshot(2, 1));
        return test;
    }
}
