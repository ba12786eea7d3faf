using StorageLab.Model.Constants;

namespace StorageLab.Model.Drivers;

/// <summary>Changes of the kernel, and of the tools that came with it, that the model follows; each by the first mainline release that has it.</summary>
internal static class KernelChanges
{
    /// <summary>Docker makes xfs with checksums; on older kernels it adds <c>-m crc=0,finobt=0</c>.</summary>
    [ModelConstant(ModelPart.Kernel, "release", "moby daemon/graphdriver/devmapper/deviceset.go: xfsSupported, createFilesystem")]
    public static readonly KernelVersion BaseDeviceHasChecksums = new(3, 16, 0);

    /// <summary>Unmounting an overlay syncs the file system that its upper directory lies on.</summary>
    [ModelConstant(ModelPart.Kernel, "release", "Linux fs/overlayfs/super.c: ovl_sync_fs")]
    public static readonly KernelVersion OverlaySyncsUpper = new(4, 11, 0);

    /// <summary>The pool's status line ends with the metadata low-water mark.</summary>
    [ModelConstant(ModelPart.Kernel, "release", "Linux drivers/md/dm-thin.c: commit 63c8ecb6261a")]
    public static readonly KernelVersion PoolReportsMetadataLowWaterMark = new(4, 19, 0);

    /// <summary>The pool holds back min(4,096, a tenth) of its metadata blocks and counts them as used.</summary>
    [ModelConstant(ModelPart.Kernel, "release", "Linux drivers/md/dm-thin-metadata.c: __set_metadata_reserve")]
    public static readonly KernelVersion PoolReservesMetadata = new(4, 20, 0);

    /// <summary>A pool's commit flushes the data device before it writes metadata; before, only a flush from above reached it.</summary>
    [ModelConstant(ModelPart.Kernel, "release", "Linux drivers/md/dm-thin.c: commit 694cfe7f31db")]
    public static readonly KernelVersion PoolCommitFlushesData = new(5, 5, 0);

    /// <summary>Whiteouts of an overlay share one inode by hard links.</summary>
    [ModelConstant(ModelPart.Kernel, "release", "Linux fs/overlayfs/dir.c: ovl_whiteout")]
    public static readonly KernelVersion OverlaySharesWhiteouts = new(5, 8, 0);

    /// <summary>The host's xfsprogs turns on sparse inodes and reflink and makes logs of at least 64 MiB.</summary>
    [ModelConstant(ModelPart.Kernel, "release",
        "assumption: between xfsprogs 4.5 (CentOS 7) and 6.1 (Debian 12) the change came with 5.10 kernels")]
    public static readonly KernelVersion XfsToolsAreCurrent = new(5, 10, 0);

    /// <summary>ext4's large allocations try the groups in memory in the order they came there, on devices that do not rotate.</summary>
    [ModelConstant(ModelPart.Kernel, "release", "Linux fs/ext4/mballoc.c: mb_optimize_scan")]
    public static readonly KernelVersion Ext4TriesLoadedGroupsFirst = new(5, 13, 0);

    /// <summary>A pool's allocation goes on behind the last block instead of beginning at block 0 again after every commit.</summary>
    [ModelConstant(ModelPart.Kernel, "release", "Linux drivers/md/persistent-data/dm-space-map-disk.c: commit 5faafc77f7de")]
    public static readonly KernelVersion PoolCursorOutlivesCommit = new(5, 14, 0);

    /// <summary>A full node of a metadata tree first gives entries to its siblings and then splits two into three, instead of halving itself.</summary>
    [ModelConstant(ModelPart.Kernel, "release", "Linux drivers/md/persistent-data/dm-btree.c: commit 4eafdb1515a7")]
    public static readonly KernelVersion PoolTreesFillSiblings = new(5, 14, 0);

    /// <summary>A mount of ext4 goes on in the journal where the last one ended instead of starting at its first block.</summary>
    [ModelConstant(ModelPart.Kernel, "release", "Linux fs/jbd2/journal.c: JBD2_CYCLE_RECORD")]
    public static readonly KernelVersion Ext4JournalKeepsPlace = new(6, 4, 0);
}
