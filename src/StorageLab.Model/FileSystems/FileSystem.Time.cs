using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems;

/// <content>What the kernel does by itself as time passes: it writes dirty data back.</content>
public abstract partial class FileSystem
{
    /// <summary>How long after data became dirty the device's flusher wakes, and wakes again while there is any.</summary>
    [ModelConstant(ModelPart.FileSystem, "nanoseconds", "Linux mm/page-writeback.c: dirty_writeback_interval")]
    private const long FlusherPeriodNanoseconds = 5_000_000_000;

    /// <summary>How long data may stay dirty on a device that keeps its share of the limit.</summary>
    [ModelConstant(ModelPart.FileSystem, "nanoseconds", "Linux mm/page-writeback.c: dirty_expire_interval")]
    private const long DirtyExpireNanoseconds = 30_000_000_000;

    private long _flusherDueNanoseconds = long.MaxValue;
    private bool _hasWrittenBack;
    private FsStatus _flusherStatus;

    /// <summary>The host's time; it stands still where no host gives one.</summary>
    internal VirtualClock Clock { get; set; } = new();

    /// <summary>Lets the flusher run if it is due, and the journal's timer.</summary>
    private void PassTime()
    {
        CommitIfDue();
        if (Clock.NowNanoseconds >= _flusherDueNanoseconds)
            RunFlusher();
    }

    /// <summary>Commits what the journal has held for too long, on a format whose journal has a timer.</summary>
    private protected virtual void CommitIfDue()
    {
    }

    /// <summary>
    /// A device's share of the limit of dirty data follows from what it has written lately. One that has written nothing since it came up has none,
    /// so all it holds is over the limit (mm/page-writeback.c, wb_over_bg_thresh); later only what is old is written (wb_check_old_data_flush).
    /// </summary>
    private void RunFlusher()
    {
        long nowNanoseconds = Clock.NowNanoseconds;
        long limitNanoseconds = _hasWrittenBack ? nowNanoseconds - DirtyExpireNanoseconds : nowNanoseconds;
        FsStatus status = WriteBackOlderThan(limitNanoseconds);
        _flusherStatus = _flusherStatus == FsStatus.Ok ? status : _flusherStatus;
        _flusherDueNanoseconds = Cache.DirtyBlocks > 0 ? nowNanoseconds + FlusherPeriodNanoseconds : long.MaxValue;
    }

    private void MarkDirty(InodeId file, long from, long to)
    {
        Cache.MarkDirty(file, from, to, Clock.NowNanoseconds);
        if (_flusherDueNanoseconds == long.MaxValue)
            _flusherDueNanoseconds = Clock.NowNanoseconds + FlusherPeriodNanoseconds;
    }

    /// <summary>What the flusher met is told to the first who syncs after it (mm/filemap.c, filemap_check_errors).</summary>
    private FsStatus TakeFlusherStatus(FsStatus status)
    {
        FsStatus met = _flusherStatus;
        _flusherStatus = FsStatus.Ok;
        return status == FsStatus.Ok ? met : status;
    }
}
