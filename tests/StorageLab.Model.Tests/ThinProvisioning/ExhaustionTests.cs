using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.ThinProvisioning;
using Xunit;

namespace StorageLab.Model.Tests.ThinProvisioning;

/// <summary>
/// Pools that run out of data, of metadata, or whose metadata device fails - at every possible moment of a fixed history.
/// </summary>
public sealed class ExhaustionTests
{
    private const long Block = TestPool.BlockBytes;

    [Fact]
    public void A_full_pool_makes_a_write_wait_60_seconds_and_fails_it_with_no_space()
    {
        var test = new TestPool(10, 200);
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, device.Write(0, 10 * Block));
        long before = test.Clock.NowNanoseconds;

        Assert.Equal(IoStatus.NoSpace, device.Write(10 * Block, 4096));

        // One second of it is the worker's last commit, which frees nothing.
        Assert.InRange(test.Clock.NowNanoseconds - before, 60_000_000_000, 61_000_000_000);
        Assert.Equal(ThinPoolMode.OutOfDataSpace, test.Pool.Mode);
        Assert.Contains(" 10/10 - out_of_data_space discard_passdown error_if_no_space - ", test.Pool.StatusLine(), StringComparison.Ordinal);
        before = test.Clock.NowNanoseconds;
        Assert.Equal(IoStatus.NoSpace, device.Write(10 * Block, 4096));
        Assert.Equal(before, test.Clock.NowNanoseconds);
    }

    [Fact]
    public void A_full_pool_that_errors_does_not_wait()
    {
        var test = new TestPool(10, 200, with: options => options with { ErrorIfNoSpace = true });
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.NoSpace, device.Write(0, 11 * Block));
        Assert.Equal(10, device.MappedBlockCount);
        Assert.Equal(0, test.Clock.NowNanoseconds);
    }

    [Fact]
    public void A_full_pool_still_serves_what_is_mapped_and_writes_again_once_a_commit_frees_a_block()
    {
        var test = new TestPool(10, 200, with: options => options with { ErrorIfNoSpace = true });
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.NoSpace, device.Write(0, 11 * Block));
        Assert.Equal(IoStatus.Ok, device.Write(0, Block));
        Assert.Equal(IoStatus.Ok, device.Read(0, 20 * Block));

        Assert.Equal(IoStatus.Ok, device.Discard(0, 2 * Block));
        Assert.Equal(ThinPoolMode.OutOfDataSpace, test.Pool.Mode);
        Assert.Equal(IoStatus.Ok, device.Flush());
        Assert.Equal(ThinPoolMode.Write, test.Pool.Mode);
        Assert.Equal(IoStatus.Ok, device.Write(10 * Block, Block));
        PoolChecker.Check(test.Pool);
    }

    [Fact]
    public void A_waiting_write_goes_on_when_the_next_commit_frees_a_block()
    {
        var test = new TestPool(10, 200);
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, device.Write(0, 10 * Block));
        Assert.Equal(IoStatus.Ok, device.Flush());
        Assert.Equal(IoStatus.Ok, device.Discard(0, Block));
        Assert.Equal(IoStatus.Ok, device.Write(10 * Block, Block));
        Assert.Equal(10, test.Pool.DataUsedBlockCount);
    }

    [Fact]
    public void The_low_water_mark_is_reached_when_that_many_blocks_are_left()
    {
        var test = new TestPool(10, 200, with: options => options with { LowWaterMarkBlocks = 3 });
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, device.Write(0, 7 * Block));
        Assert.False(test.Pool.HasReachedLowWaterMark);
        Assert.Equal(IoStatus.Ok, device.Write(7 * Block, Block));
        Assert.True(test.Pool.HasReachedLowWaterMark);
    }

    [Theory]
    [InlineData("3.10.0-1160.el7")]
    [InlineData("6.1")]
    public void Running_out_of_data_at_any_block_leaves_a_sound_pool_that_gives_everything_back(string kernel)
    {
        for (var blocks = 1; blocks <= 420; blocks += 7)
        {
            var test = new TestPool(blocks, 400, KernelVersion.Parse(kernel), with: options => options with { ErrorIfNoSpace = true });
            var history = new History(test);
            history.Run();
            Assert.Equal(ThinPoolMode.OutOfDataSpace, history.WorstMode);
            Assert.False(test.Pool.NeedsCheck);
            history.DeleteAll();
            Assert.Equal(0, test.Pool.DataUsedBlockCount);
            Assert.Equal(ThinPoolMode.Write, test.Pool.Mode);
        }
    }

    [Theory]
    [InlineData("3.10.0-1160.el7")]
    [InlineData("6.1")]
    public void Running_out_of_metadata_at_any_block_leaves_the_last_commit(string kernel)
    {
        var failures = 0;
        for (var blocks = 12; blocks <= 60; blocks++)
        {
            var test = new TestPool(2000, blocks, KernelVersion.Parse(kernel));
            var history = new History(test);
            history.Run();
            if (history.WorstMode == ThinPoolMode.Write)
                continue;
            failures++;
            Assert.True(history.WorstMode == ThinPoolMode.OutOfMetadataSpace || test.Pool.NeedsCheck);
            Assert.Equal(ThinMessageStatus.ReadOnly, test.Pool.CreateThin(99));
            Assert.Contains(test.Pool.NeedsCheck ? " ro discard_passdown queue_if_no_space needs_check " : " ro ", test.Pool.StatusLine(), StringComparison.Ordinal);
        }

        Assert.True(failures > 10, $"only {failures} pools were too small");
    }

    [Fact]
    public void A_metadata_device_too_small_to_format_is_refused() =>
        Assert.Throws<ArgumentException>(() => new TestPool(2000, 7));

    [Fact]
    public void A_metadata_device_that_fails_at_any_write_leaves_the_last_commit()
    {
        var failures = 0;
        for (var writes = 0; writes < 200; writes++)
        {
            var test = new TestPool(2000, 400);
            test.Metadata.WritesUntilFailure = writes;
            var history = new History(test);
            history.Run();
            if (history.WorstMode == ThinPoolMode.Write)
                break;
            failures++;
            Assert.True(test.Pool.NeedsCheck);
        }

        Assert.InRange(failures, 10, 199);
    }

    [Fact]
    public void A_device_whose_changes_were_lost_fails_its_flush_and_keeps_its_committed_mappings()
    {
        var test = new TestPool(100, 200);
        ThinDevice device = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, device.Write(0, 2 * Block));
        Assert.Equal(IoStatus.Ok, device.Flush());
        Assert.Equal(IoStatus.Ok, device.Write(5 * Block, Block));
        test.Metadata.WritesUntilFailure = 0;

        Assert.Equal(IoStatus.IoError, device.Flush());

        Assert.Equal(2, device.MappedBlockCount);
        Assert.Equal(IoStatus.Ok, device.Write(0, Block));
        Assert.Equal(IoStatus.IoError, device.Write(5 * Block, Block));
        Assert.Equal(IoStatus.IoError, device.Flush());
        PoolChecker.Check(test.Pool);
    }

    /// <summary>
    /// Writes, snapshots, copies, discards and deletes; after every step the pool is checked, and compared with the last commit once it is
    /// read-only.
    /// </summary>
    private sealed class History(TestPool test)
    {
        private readonly Dictionary<int, ThinDevice> _open = [];
        private string _lastCommitted = "";
        private long _lastCommitCount = -1;

        public ThinPoolMode WorstMode { get; private set; }

        public void Run()
        {
            After();
            Do(() => test.Pool.CreateThin(1));
            for (var i = 0; i < 300; i += 30)
                Write(1, i, 30);
            Do(() => test.Pool.CreateSnapshot(2, 1));
            for (var i = 0; i < 400; i += 57)
                Write(2, i, 3);
            Flush(2);
            Do(() => test.Pool.CreateSnapshot(3, 2));
            Write(3, 200, 120);
            Discard(3, 100, 150);
            Write(2, 500, 40);
            Flush(3);
            Write(1, 0, 60);
            Flush(1);
        }

        public void DeleteAll()
        {
            foreach (ThinDevice device in _open.Values)
                device.Close();
            foreach (int id in test.Pool.DeviceIds.ToArray())
                Assert.Equal(ThinMessageStatus.Ok, test.Pool.Delete(id));
            PoolChecker.Check(test.Pool);
        }

        private void Write(int id, long first, long count) => On(id, device => device.Write(first * Block, count * Block));

        private void Discard(int id, long first, long count) => On(id, device => device.Discard(first * Block, count * Block));

        private void Flush(int id) => On(id, device => device.Flush());

        private void On(int id, Func<ThinDevice, IoStatus> request)
        {
            if (!_open.ContainsKey(id) && test.Pool.DeviceIds.Contains(id))
                _open.Add(id, test.Pool.Open(id, 1000 * Block));
            if (_open.TryGetValue(id, out ThinDevice? device))
                Do(() => request(device));
        }

        private void Do<T>(Func<T> step)
        {
            _ = step();
            After();
        }

        private void After()
        {
            PoolChecker.Check(test.Pool);
            WorstMode = (ThinPoolMode)Math.Max((int)WorstMode, (int)test.Pool.Mode);
            // A step may commit half-way, when it looks for space; what that left is not known here.
            if (test.Pool.Mode == ThinPoolMode.ReadOnly && test.Pool.CommitCount == _lastCommitCount)
                Assert.Equal(_lastCommitted, Dump());
            else if (test.Pool.CommitCount != _lastCommitCount && !test.Pool.Metadata.HasChanged)
            {
                _lastCommitted = Dump();
                _lastCommitCount = test.Pool.CommitCount;
            }
        }

        private string Dump()
        {
            var writer = new StringWriter();
            test.Pool.WriteXml(writer);
            return writer.ToString();
        }
    }
}
