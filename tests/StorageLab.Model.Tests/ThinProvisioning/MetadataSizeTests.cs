using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.ThinProvisioning;
using Xunit;

namespace StorageLab.Model.Tests.ThinProvisioning;

/// <summary>Metadata blocks that real kernels used, to the block.</summary>
public sealed class MetadataSizeTests
{
    // Virtual blocks of the base device's first mappings, in the order in which mkfs.xfs wrote them: recorded run S0-loop-lvm,
    // sorted by data block. The allocation groups' headers follow the log.
    private static IEnumerable<long> RecordedLoopBase() =>
        [163_838, 163_839, 0, 1, .. Range(81_921, 1024), .. Range(1, 8).Select(i => i * 10_240), .. Range(9, 7).Select(i => i * 10_240)];

    private static IEnumerable<long> Range(long first, long count) => Enumerable.Range(0, (int)count).Select(i => first + i);

    [Fact]
    public void A_fresh_loop_pool_of_a_current_kernel_uses_4244_blocks()
    {
        TestPool pool = TestPool.LoopLvm(TestPool.Debian12);
        ThinDevice device = pool.CreateAndOpen(1);
        foreach (long block in RecordedLoopBase())
            Assert.Equal(IoStatus.Ok, device.Write(block * TestPool.BlockBytes, 4096));
        Assert.Equal(IoStatus.Ok, device.Flush());

        Assert.Equal(1043, pool.Pool.DataUsedBlockCount);
        Assert.Equal(4244, pool.Pool.MetadataUsedBlockCount);
        Assert.Equal(4096, pool.Pool.MetadataReservedBlockCount);
        Assert.Equal("0 209715200 thin-pool 0 4244/524288 1043/1638400 - rw discard_passdown queue_if_no_space - 1024 ", pool.Pool.StatusLine());
    }

    [Fact]
    public void A_fresh_direct_pool_of_a_current_kernel_uses_4122_blocks()
    {
        // Recorded run S1-direct-lvm: 119,529,472 sectors of data in blocks of 1,024, 1,253,376 sectors of metadata.
        var pool = new TestPool(116_728, 156_672, TestPool.Debian12, 512 << 10, takesDiscards: false);
        ThinDevice device = pool.CreateAndOpen(1);
        long[] blocks = [20_479, 0, .. Range(10_239, 129), .. Range(1, 7).Select(i => (i * 1280) - 1), .. Range(9, 7).Select(i => (i * 1280) - 2)];
        foreach (long block in blocks)
            Assert.Equal(IoStatus.Ok, device.Write(block * (512 << 10), 4096));
        Assert.Equal(IoStatus.Ok, device.Flush());

        Assert.Equal(145, pool.Pool.DataUsedBlockCount);
        Assert.Equal(4122, pool.Pool.MetadataUsedBlockCount);
        Assert.Contains(" no_discard_passdown ", pool.Pool.StatusLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(180, 142)]
    [InlineData(820, 148)]
    public void A_fresh_loop_pool_of_CentOS_7_has_leaves_half_full_and_no_reserve(int mappedBlocks, int metadataBlocks)
    {
        TestPool pool = TestPool.LoopLvm(TestPool.CentOs7);
        ThinDevice device = pool.CreateAndOpen(1, 100L << 30);
        foreach (long block in Range(0, mappedBlocks))
            Assert.Equal(IoStatus.Ok, device.Write(block * 100 * TestPool.BlockBytes, 4096));
        Assert.Equal(IoStatus.Ok, device.Flush());

        Assert.Equal(mappedBlocks, pool.Pool.DataUsedBlockCount);
        Assert.Equal(metadataBlocks, pool.Pool.MetadataUsedBlockCount);
        Assert.Equal(0, pool.Pool.MetadataReservedBlockCount);
    }

    [Theory]
    [InlineData("3.10.0-1160.el7", 126)]
    [InlineData("6.1", 248)]
    public void Ascending_writes_fill_leaves_as_the_kernel_generation_does(string kernel, int entriesPerLeafAtLeast)
    {
        TestPool pool = TestPool.LoopLvm(KernelVersion.Parse(kernel));
        ThinDevice device = pool.CreateAndOpen(1);
        long empty = pool.Pool.MetadataUsedBlockCount;
        for (long block = 0; block < 50_000; block++)
            Assert.Equal(IoStatus.Ok, device.Write(block * TestPool.BlockBytes, TestPool.BlockBytes));
        Assert.Equal(IoStatus.Ok, device.Flush());

        long leaves = pool.Pool.MetadataUsedBlockCount - empty;
        Assert.InRange(50_000.0 / leaves, entriesPerLeafAtLeast - 3, entriesPerLeafAtLeast + 4);
    }
}
