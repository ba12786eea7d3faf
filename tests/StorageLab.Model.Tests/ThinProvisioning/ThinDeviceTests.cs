using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.ThinProvisioning;
using Xunit;

namespace StorageLab.Model.Tests.ThinProvisioning;

public sealed class ThinDeviceTests
{
    private const long Block = TestPool.BlockBytes;

    [Fact]
    public void Reading_what_was_never_written_asks_nothing_of_the_data_device()
    {
        var test = new TestPool(100, 200);
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, device.Read(0, 10 * Block));
        Assert.Equal(0, test.Data.Counters.ReadCount);
        Assert.Equal(0, test.Pool.DataUsedBlockCount);
        Assert.Equal(10 * Block, device.Counters.ReadBytes);
    }

    [Fact]
    public void A_first_write_maps_a_block_and_writes_only_its_own_bytes()
    {
        var test = new TestPool(100, 200);
        ThinDevice device = test.CreateAndOpen(1);
        test.Data.IsRecording = true;
        Assert.Equal(IoStatus.Ok, device.Write((7 * Block) + 8192, 4096));
        Assert.Equal([('w', 8192L, 4096L)], test.Data.Requests);
        Assert.Equal([new ThinMappingRun(7, 0, 1, 0)], test.Pool.MappedRuns(1));
    }

    [Fact]
    public void A_pool_that_zeroes_writes_a_new_block_first_unless_the_write_covers_it()
    {
        var test = new TestPool(100, 200, with: options => options with { ZeroNewBlocks = true });
        ThinDevice device = test.CreateAndOpen(1);
        test.Data.IsRecording = true;
        Assert.Equal(IoStatus.Ok, device.Write(4096, 4096));
        Assert.Equal(IoStatus.Ok, device.Write(Block, Block));
        Assert.Equal([('w', 0L, Block), ('w', 4096L, 4096L), ('w', Block, Block)], test.Data.Requests);
    }

    [Fact]
    public void Neighbouring_blocks_go_down_in_one_request()
    {
        var test = new TestPool(100, 200);
        ThinDevice device = test.CreateAndOpen(1);
        test.Data.IsRecording = true;
        Assert.Equal(IoStatus.Ok, device.Write(4096, 3 * Block));
        Assert.Equal(IoStatus.Ok, device.Write(9 * Block, Block));
        Assert.Equal(IoStatus.Ok, device.Read(2 * Block, 8 * Block));
        Assert.Equal([('w', 4096L, 3 * Block), ('w', 4 * Block, Block), ('r', 2 * Block, 3 * Block)], test.Data.Requests);
    }

    [Fact]
    public void A_partial_write_to_a_shared_block_copies_it_once()
    {
        var test = new TestPool(100, 200);
        ThinDevice origin = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, origin.Write(0, 2 * Block));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateSnapshot(2, 1));
        ThinDevice snapshot = test.Pool.Open(2, 10 * Block);
        test.Data.IsRecording = true;

        Assert.Equal(IoStatus.Ok, snapshot.Write(4096, 4096));
        Assert.Equal(IoStatus.Ok, snapshot.Write(8192, 4096));

        Assert.Equal([('r', 0L, Block), ('w', 2 * Block, Block), ('w', (2 * Block) + 4096, 4096L), ('w', (2 * Block) + 8192, 4096L)], test.Data.Requests);
        Assert.Equal([new ThinMappingRun(0, 2, 1, 1), new ThinMappingRun(1, 1, 1, 0)], test.Pool.MappedRuns(2));
        Assert.Equal([new ThinMappingRun(0, 0, 2, 0)], test.Pool.MappedRuns(1));
    }

    /// <summary>Recorded run S2-direct-lvm, step 2: mounting a snapshot wipes 2 MiB of its log, and each of the 512 KiB blocks in it was copied first, because
    /// the disk takes 255 sectors at a time and the pool passes on 64 KiB.</summary>
    [Fact]
    public void A_disk_of_small_requests_makes_the_pool_copy_a_block_that_is_then_written_over()
    {
        const long LargeBlock = 512 << 10;
        var test = new TestPool(100, 200, blockBytes: LargeBlock, with: options => options with { DataMaximumIoBytes = 255 * 512 });
        ThinDevice origin = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, origin.Write(0, LargeBlock));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateSnapshot(2, 1));
        ThinDevice snapshot = test.Pool.Open(2, 10 * LargeBlock);
        test.Data.IsRecording = true;

        Assert.Equal(IoStatus.Ok, snapshot.Write(0, LargeBlock));

        Assert.Equal([('r', 0L, LargeBlock), ('w', LargeBlock, LargeBlock), ('w', LargeBlock, LargeBlock)], test.Data.Requests);
    }

    [Fact]
    public void A_write_over_a_whole_shared_block_copies_nothing()
    {
        var test = new TestPool(100, 200);
        ThinDevice origin = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, origin.Write(0, Block));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateSnapshot(2, 1));
        test.Data.IsRecording = true;
        Assert.Equal(IoStatus.Ok, origin.Write(0, Block));
        Assert.Equal([('w', Block, Block)], test.Data.Requests);
    }

    [Fact]
    public void The_last_owner_of_a_block_copies_it_too_because_sharing_is_told_by_time()
    {
        var test = new TestPool(100, 200);
        ThinDevice origin = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, origin.Write(0, Block));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateSnapshot(2, 1));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.Delete(2));
        Assert.Equal(1, test.Pool.DataReferenceCount(0));

        Assert.Equal(IoStatus.Ok, origin.Write(0, 4096));

        Assert.Equal(Block, test.Data.Counters.ReadBytes);
        Assert.Equal([new ThinMappingRun(0, 1, 1, 1)], test.Pool.MappedRuns(1));
    }

    [Fact]
    public void A_discard_passes_down_whole_blocks_that_nobody_else_maps()
    {
        var test = new TestPool(100, 200);
        ThinDevice origin = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, origin.Write(0, 6 * Block));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateSnapshot(2, 1));
        ThinDevice snapshot = test.Pool.Open(2, 20 * Block);
        Assert.Equal(IoStatus.Ok, snapshot.Write(4 * Block, 4 * Block));
        test.Data.IsRecording = true;

        Assert.Equal(IoStatus.Ok, snapshot.Discard(4096, (7 * Block) - 4096));
        Assert.Equal([('d', 6 * Block, 3 * Block)], test.Data.Requests);
        Assert.Equal([new ThinMappingRun(0, 0, 1, 0), new ThinMappingRun(7, 9, 1, 1)], test.Pool.MappedRuns(2));
        Assert.Equal(6, origin.MappedBlockCount);
    }

    [Fact]
    public void A_discard_smaller_than_a_block_succeeds_and_does_nothing()
    {
        var test = new TestPool(100, 200);
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, device.Write(0, Block));
        Assert.Equal(IoStatus.Ok, device.Discard(512, Block - 512));
        Assert.Equal(1, device.MappedBlockCount);
        Assert.Equal(0, test.Data.Counters.DiscardCount);
    }

    [Fact]
    public void A_data_device_without_discards_keeps_the_pool_from_passing_them_down()
    {
        var test = new TestPool(100, 200, takesDiscards: false);
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, device.Write(0, 3 * Block));
        Assert.Equal(IoStatus.Ok, device.Discard(0, 3 * Block));
        Assert.Equal(0, device.MappedBlockCount);
        Assert.Equal(0, test.Data.Counters.DiscardCount);
        Assert.True(device.Limits.TakesDiscards);
    }

    [Fact]
    public void Deleting_a_device_frees_its_blocks_and_discards_nothing()
    {
        var test = new TestPool(100, 200);
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, device.Write(0, 30 * Block));
        Assert.Equal(ThinMessageStatus.Busy, test.Pool.Delete(1));
        device.Close();
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.Delete(1));
        Assert.Equal(0, test.Pool.DataUsedBlockCount);
        Assert.Equal(0, test.Data.Counters.DiscardCount);
    }

    [Theory]
    [InlineData("3.10.0-1160.el7", 0)]
    [InlineData("6.1", 2)]
    public void After_a_commit_an_old_kernel_fills_gaps_from_the_start_and_a_new_one_goes_on(string kernel, long expectedBlock)
    {
        var test = new TestPool(100, 200, KernelVersion.Parse(kernel));
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, device.Write(0, 2 * Block));
        Assert.Equal(IoStatus.Ok, device.Discard(0, Block));
        Assert.Equal(IoStatus.Ok, device.Flush());
        Assert.Equal(IoStatus.Ok, device.Write(50 * Block, Block));
        Assert.Equal(expectedBlock, test.Pool.MappedRuns(1)[^1].DataBlock);
    }

    [Theory]
    [InlineData("3.10.0-1160.el7")]
    [InlineData("6.1")]
    public void A_block_freed_in_the_running_transaction_is_not_used_before_its_commit(string kernel)
    {
        var test = new TestPool(3, 200, KernelVersion.Parse(kernel));
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, device.Write(0, 2 * Block));
        Assert.Equal(IoStatus.Ok, device.Flush());
        Assert.Equal(IoStatus.Ok, device.Discard(0, 2 * Block));
        Assert.Equal(IoStatus.Ok, device.Write(0, Block));
        Assert.Equal(2, test.Pool.MappedRuns(1)[0].DataBlock);
    }

    [Fact]
    public void A_flush_commits_only_what_its_own_device_changed()
    {
        var test = new TestPool(100, 200);
        ThinDevice first = test.CreateAndOpen(1);
        ThinDevice second = test.CreateAndOpen(2);
        Assert.Equal(IoStatus.Ok, first.Write(0, Block));
        long commits = test.Pool.CommitCount;
        Assert.Equal(IoStatus.Ok, second.Flush());
        Assert.Equal(commits, test.Pool.CommitCount);
        Assert.Equal(IoStatus.Ok, first.Flush());
        Assert.Equal(commits + 1, test.Pool.CommitCount);
        Assert.Equal(IoStatus.Ok, first.Flush());
        Assert.Equal(commits + 1, test.Pool.CommitCount);
    }

    [Fact]
    public void A_changed_pool_commits_when_a_second_has_passed()
    {
        var test = new TestPool(100, 200);
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, device.Write(0, Block));
        long commits = test.Pool.CommitCount;
        test.Clock.Advance(ThinPool.CommitPeriodNanoseconds - 1);
        test.Pool.CommitIfDue();
        Assert.Equal(commits, test.Pool.CommitCount);
        test.Clock.Advance(1);
        test.Pool.CommitIfDue();
        Assert.Equal(commits + 1, test.Pool.CommitCount);
    }

    [Fact]
    public void A_commit_writes_each_changed_block_then_the_superblock_and_flushes_around_it()
    {
        var test = new TestPool(100, 200);
        ThinDevice device = test.CreateAndOpen(1);
        test.Metadata.IsRecording = true;
        Assert.Equal(IoStatus.Ok, device.Write(0, Block));
        Assert.Equal(IoStatus.Ok, device.Flush());
        Assert.Equal('f', test.Metadata.Requests[^1].Operation);
        Assert.Equal(('w', 0L, 4096L), test.Metadata.Requests[^2]);
        Assert.Equal('f', test.Metadata.Requests[^3].Operation);
        // Leaf, top leaf, data bitmap, its index, metadata bitmap, its index, details.
        Assert.Equal(7 * 4096, test.Metadata.Requests.SkipLast(3).Sum(request => request.LengthBytes));
    }

    [Theory]
    [InlineData(64, 1280, 64, 64)]
    [InlineData(512, 1280, 512, 512)]
    [InlineData(512, 127, 64, 512)]
    [InlineData(192, 127, 64, 192)]
    public void Limits_are_those_from_which_mkfs_takes_its_stripes(int blockKiB, int requestKiB, int minimumKiB, int optimalKiB)
    {
        var test = new TestPool(100, 200, blockBytes: blockKiB << 10, with: options => options with { DataMaximumIoBytes = requestKiB << 10 });
        Assert.Equal(new DeviceLimits(blockKiB << 10, minimumKiB << 10, optimalKiB << 10), test.CreateAndOpen(1).Limits);
    }

    /// <summary>Recorded run S6-loop-lvm-nodiscard, steps 33 and 35: after a restart of the daemon a load took freed blocks below the place where the search
    /// had been, which the file still held, and so added 13 MB to it instead of 54.</summary>
    [Fact]
    public void A_pool_that_was_loaded_again_looks_for_free_blocks_from_the_first_on()
    {
        var test = new TestPool(100, 200);
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, device.Write(0, 4 * Block));
        Assert.Equal(IoStatus.Ok, device.Discard(Block, Block));
        Assert.Equal(IoStatus.Ok, test.Pool.Commit());
        Assert.Equal(IoStatus.Ok, device.Write(4 * Block, Block));
        Assert.Equal(new ThinMappingRun(2, 2, 3, 0), test.Pool.MappedRuns(1)[^1]);

        test.Pool.Reload();

        Assert.Equal(IoStatus.Ok, device.Write(5 * Block, Block));
        Assert.Equal(new ThinMappingRun(5, 1, 1, 0), test.Pool.MappedRuns(1)[^1]);
        PoolChecker.Check(test.Pool);
    }

    [Fact]
    public void A_full_pool_that_was_loaded_again_waits_again()
    {
        var test = new TestPool(10, 200);
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.NoSpace, device.Write(0, 11 * Block));
        Assert.True(test.Pool.FailsWithoutSpace);
        test.Pool.Reload();
        Assert.Equal(ThinPoolMode.Write, test.Pool.Mode);
        Assert.False(test.Pool.FailsWithoutSpace);
    }

    [Fact]
    public void Messages_say_what_is_wrong()
    {
        var test = new TestPool(100, 200);
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateThin(1));
        Assert.Equal(ThinMessageStatus.Exists, test.Pool.CreateThin(1));
        Assert.Equal(ThinMessageStatus.Exists, test.Pool.CreateSnapshot(1, 1));
        Assert.Equal(ThinMessageStatus.NotFound, test.Pool.CreateSnapshot(2, 3));
        Assert.Equal(ThinMessageStatus.NotFound, test.Pool.Delete(3));
        Assert.Equal(ThinMessageStatus.Mismatch, test.Pool.SetTransactionId(5, 6));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.SetTransactionId(0, 6));
        Assert.Equal(6, test.Pool.TransactionId);
        Assert.Throws<ArgumentException>(() => test.Pool.Open(3, Block));
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Pool.CreateThin(1 << 24));
        Assert.Throws<ArgumentException>(() => new TestPool(100, 200, blockBytes: 96 << 10));
    }

    [Fact]
    public void Requests_outside_the_device_are_the_callers_error()
    {
        var test = new TestPool(100, 200);
        ThinDevice device = test.CreateAndOpen(1, 3 * Block);
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Write(3 * Block, 512));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Read(long.MaxValue - 100, 512));
        device.Close();
        Assert.Throws<ObjectDisposedException>(() => device.Write(0, 512));
    }
}
