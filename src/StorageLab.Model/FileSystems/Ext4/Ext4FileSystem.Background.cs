using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <content>What the kernel does by the clock: kjournald2 commits, and ext4lazyinit zeroes the inode tables that mkfs left alone, a group at a time.</content>
/// <remarks>Source: fs/jbd2/journal.c, kjournald2; fs/ext4/super.c, ext4_lazyinit_thread and ext4_run_li_request; fs/ext4/ialloc.c, ext4_init_inode_table.</remarks>
public sealed partial class Ext4FileSystem
{
    /// <summary>From the mount to the first group.</summary>
    [ModelConstant(ModelPart.Ext4, "nanoseconds", "Linux fs/ext4/super.c: ext4_li_request_new draws it below EXT4_DEF_LI_MAX_START_DELAY, 5 s; this is the mean")]
    private const long ZeroingDelayNanoseconds = 2_500_000_000;

    /// <summary>The kernel's tick, in which the rest between two groups is counted.</summary>
    [ModelConstant(ModelPart.Ext4, "nanoseconds", "Linux arch/um/configs: CONFIG_HZ=100 of the recorded machines' kernel")]
    private const long TickNanoseconds = 10_000_000;

    /// <summary>How old a transaction gets before kjournald2 commits it.</summary>
    [ModelConstant(ModelPart.Ext4, "nanoseconds", "Linux include/linux/jbd2.h: JBD2_DEFAULT_MAX_COMMIT_AGE, 5 s")]
    private const long CommitAgeNanoseconds = 5_000_000_000;

    private long? _transactionSinceNanoseconds;
    private int _zeroedGroupCount;
    private long? _zeroingDueNanoseconds;
    private long _zeroingWaitNanoseconds;

    /// <inheritdoc/>
    /// <remarks>The first group is timed, flush and all; from then on the thread rests so many times as long between two groups, in whole ticks.</remarks>
    public override long? RunBackground(VirtualClock clock)
    {
        if (_options.InodeTableWaitMultiple == 0 || Fault != FsStatus.Ok)
            return null;
        _zeroingDueNanoseconds ??= clock.NowNanoseconds + ZeroingDelayNanoseconds;
        if (_zeroedGroupCount < _geometry.GroupCount && clock.NowNanoseconds >= _zeroingDueNanoseconds)
        {
            long startNanoseconds = clock.NowNanoseconds;
            bool isTimed = _zeroingWaitNanoseconds == 0;
            ZeroInodeTable(_zeroedGroupCount++, withFlush: isTimed);
            long tookNanoseconds = clock.NowNanoseconds - startNanoseconds;
            if (isTimed)
                _zeroingWaitNanoseconds = InWholeTicks(tookNanoseconds * _options.InodeTableWaitMultiple);
            _zeroingDueNanoseconds = InWholeTicks(_zeroingDueNanoseconds.Value + tookNanoseconds) + _zeroingWaitNanoseconds;
        }

        return _zeroedGroupCount < _geometry.GroupCount ? _zeroingDueNanoseconds : null;
    }

    /// <inheritdoc/>
    /// <remarks>The age is counted from the first operation that finds something in the transaction.</remarks>
    private protected override void CommitIfDue()
    {
        if (Journal.IsRunningEmpty || Fault != FsStatus.Ok)
            _transactionSinceNanoseconds = null;
        else if (_transactionSinceNanoseconds is not { } since)
            _transactionSinceNanoseconds = Clock.NowNanoseconds;
        else if (Clock.NowNanoseconds - since >= CommitAgeNanoseconds)
        {
            _ = CommitTransaction();
            _transactionSinceNanoseconds = null;
        }
    }

    private static long InWholeTicks(long nanoseconds) => nanoseconds / TickNanoseconds * TickNanoseconds;

    /// <summary>Writes zeroes behind the inodes that were ever used, and marks the group in its descriptor.</summary>
    private void ZeroInodeTable(int group, bool withFlush)
    {
        int used = (_inodeBitmaps.UsedEndOf(group) + Ext4Geometry.InodesPerBlock - 1) / Ext4Geometry.InodesPerBlock;
        _ = WriteBlocks(_geometry.InodeTableOf(group) + used, _geometry.InodeTableBlockCount - used);
        if (withFlush)
            _ = Device.Flush();
        Journal.Touch(Ext4Geometry.DescriptorOf(group));
    }
}
