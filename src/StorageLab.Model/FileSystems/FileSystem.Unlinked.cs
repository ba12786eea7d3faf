using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems;

/// <content>Inodes that have lost their last name: on newer kernels xfs frees them and their blocks a moment later, so that what replaces a file does not get its place.</content>
public abstract partial class FileSystem
{
    /// <summary>Unlinked inodes beyond which the worker runs at once: those of one cluster.</summary>
    [ModelConstant(ModelPart.FileSystem, "inodes", "Linux fs/xfs/xfs_icache.c: xfs_inodegc_want_queue_work")]
    private const int UnlinkedCountMax = 32;

    /// <summary>How long after the last unlink the worker runs: a tick of the recorded machines' kernel.</summary>
    [ModelConstant(ModelPart.FileSystem, "nanoseconds", "Linux fs/xfs/xfs_icache.c: xfs_inodegc_queue, queue_delay; CONFIG_HZ=100")]
    private const long UnlinkedDelayNanoseconds = 10_000_000;

    private readonly List<InodeId> _unlinked = [];
    private long _lastUnlinkNanoseconds;

    /// <summary>Whether unlinked inodes are freed later.</summary>
    private protected virtual bool FreesUnlinkedLater => false;

    /// <summary>Frees all unlinked inodes, the last first (the worker takes them off a list that grows at its head).</summary>
    private protected void FreeUnlinked()
    {
        for (int last = _unlinked.Count - 1; last >= 0; last--)
            Free(_unlinked[last]);
        _unlinked.Clear();
    }

    private void FreeUnlinkedIfDue()
    {
        if (_unlinked.Count > 0 && Clock.NowNanoseconds - _lastUnlinkNanoseconds >= UnlinkedDelayNanoseconds)
            FreeUnlinked();
    }

    private void FreeAfterUnlink(InodeId inode)
    {
        if (!FreesUnlinkedLater)
        {
            Free(inode);
            return;
        }

        Cache.Drop(inode, 0, long.MaxValue);
        _lastUnlinkNanoseconds = Clock.NowNanoseconds;
        _unlinked.Add(inode);
        if (_unlinked.Count > UnlinkedCountMax)
            FreeUnlinked();
    }

    private void Free(InodeId inode)
    {
        FreeAllBlocks(inode);
        ReleaseInode(inode);
        ForgetInode(inode);
    }
}
