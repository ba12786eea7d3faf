using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>The numbers mkfs.xfs writes into the superblock, all in 4 KiB blocks unless a name says otherwise.</summary>
/// <remarks>Source: xfsprogs 6.1, mkfs/xfs_mkfs.c and libfrog/topology.c (calc_default_ag_geometry). Checked against mkfs.xfs 6.1 on devices of 10, 60
/// and 100 GiB.</remarks>
internal sealed class XfsGeometry
{
    /// <summary>Block of the file system.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs mkfs/xfs_mkfs.c: XFS_DFL_BLOCKSIZE_LOG")]
    public const int BlockBytes = 4096;

    /// <summary>Inodes in a chunk, the unit in which they are made.</summary>
    [ModelConstant(ModelPart.Xfs, "inodes", "Linux fs/xfs/libxfs/xfs_format.h: XFS_INODES_PER_CHUNK")]
    public const int InodesPerChunk = 64;

    /// <summary>Free-list blocks mkfs puts into an allocation group: two per free-space tree of one level.</summary>
    [ModelConstant(ModelPart.Xfs, "blocks", "xfsprogs libxfs/xfs_alloc.c: xfs_alloc_min_freelist")]
    public const int FreeListBlocks = 4;

    /// <summary>Smallest allocation group: 16 MiB.</summary>
    [ModelConstant(ModelPart.Xfs, "blocks", "xfsprogs include/xfs_multidisk.h: XFS_AG_MIN_BYTES")]
    private const int GroupBlocksMin = 16 * 1024 * 1024 / BlockBytes;

    /// <summary>What mkfs wipes at both ends of the device.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs mkfs/xfs_mkfs.c: WHACK_SIZE")]
    public const int WipeBytes = 128 * 1024;

    /// <summary>A log is aligned to at most this stripe unit; beyond it mkfs takes <see cref="LogStripeUnitBytesBeyond"/>.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs mkfs/xfs_mkfs.c: calc_stripe_factors")]
    private const int LogStripeUnitBytesMax = 256 * 1024;

    /// <summary>Stripe unit of the log where the device's is too large for it.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs mkfs/xfs_mkfs.c: calc_stripe_factors")]
    private const int LogStripeUnitBytesBeyond = 32 * 1024;

    /// <summary>An inode without checksums, and the unit of the inode cluster.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_format.h: XFS_DINODE_MIN_LOG")]
    private const int InodeBytesMin = 256;

    /// <summary>An inode with checksums.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs mkfs/xfs_mkfs.c: XFS_DINODE_DFL_CRC_LOG")]
    private const int InodeBytesWithChecksums = 512;

    /// <summary>Fields of an inode before its forks, without checksums.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_format.h: xfs_dinode_size, version 2")]
    private const int InodeCoreBytes = 100;

    /// <summary>Fields of an inode before its forks, with checksums.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_format.h: xfs_dinode_size, version 3")]
    private const int InodeCoreBytesWithChecksums = 176;

    /// <summary>A buffer of inodes of <see cref="InodeBytesMin"/>.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_ialloc.c: xfs_ialloc_setup_geometry")]
    private const int InodeClusterBytes = 8192;

    /// <summary>Largest allocation group: one block below 1 TiB.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs include/xfs_multidisk.h: XFS_AG_MAX_BYTES")]
    private const long GroupBytesMax = 1L << 40;

    /// <summary>Plain disks of this size have as many of the largest groups as they need: 4 TiB.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs libfrog/topology.c: calc_default_ag_geometry")]
    private const long PlainFixedGroupsBytes = 4L << 40;

    /// <summary>The same for disks with a stripe unit: 32 TiB.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs libfrog/topology.c: calc_default_ag_geometry")]
    private const long StripedFixedGroupsBytes = 32L << 40;

    /// <summary>Groups of a smaller plain disk, by the size from which they hold.</summary>
    [ModelConstant(ModelPart.Xfs, "groups", "xfsprogs libfrog/topology.c: calc_default_ag_geometry")]
    private static readonly (long DeviceBytesMin, int Groups)[] PlainGroupCounts = [((128L << 20) + 1, 4), (0, 2)];

    /// <summary>Groups of a smaller disk with a stripe unit, by the size from which they hold.</summary>
    [ModelConstant(ModelPart.Xfs, "groups", "xfsprogs libfrog/topology.c: calc_default_ag_geometry")]
    private static readonly (long DeviceBytesMin, int Groups)[] StripedGroupCounts =
        [((512L << 30) + 1, 32), ((8L << 30) + 1, 16), (128L << 20, 8), (64L << 20, 4), (0, 2)];

    /// <summary>The log takes this part of the device.</summary>
    [ModelConstant(ModelPart.Xfs, "part of the device", "xfsprogs mkfs/xfs_mkfs.c: calculate_log_size")]
    private const int LogDivisor = 2048;

    /// <summary>Devices below 300 MiB get a log of a smaller minimum.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs mkfs/xfs_mkfs.c: calculate_log_size")]
    private const long SmallDeviceBytes = 300L << 20;

    /// <summary>The log of such a device takes this part of it.</summary>
    [ModelConstant(ModelPart.Xfs, "part of the device", "xfsprogs mkfs/xfs_mkfs.c: calculate_log_size")]
    private const int SmallDeviceLogDivisor = 64;

    /// <summary>Smallest log of such a device: 2.5 MiB.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs mkfs/xfs_mkfs.c: calculate_log_size")]
    private const long SmallDeviceLogBytesMin = (10L << 20) / 4;

    /// <summary>Largest log: one block below 2 GiB.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs include/xfs_multidisk.h: XFS_MAX_LOG_BYTES")]
    private const long LogBytesMax = 2L << 30;

    /// <summary>Blocks of its group that the log leaves.</summary>
    [ModelConstant(ModelPart.Xfs, "blocks", "xfsprogs mkfs/xfs_mkfs.c: calculate_log_size")]
    private const int GroupBlocksBesideLog = 64;

    public XfsGeometry(long deviceBytes, DeviceLimits limits, XfsFormatOptions options)
    {
        Options = options;
        int stripeBytes = options.StripeUnitBytes ?? (limits.OptimalIoBytes > 0 && limits.MinimumIoBytes > BlockBytes ? limits.MinimumIoBytes : 0);
        StripeUnit = stripeBytes / BlockBytes;
        int stripeWidth = options.StripeUnitBytes is null ? limits.OptimalIoBytes / BlockBytes : StripeUnit;
        long blocks = deviceBytes / BlockBytes;
        (GroupBlocks, GroupCount) = SizeGroups(blocks, StripeUnit > 0);
        TotalBlocks = blocks;
        if (StripeUnit > 0)
            AlignGroups(stripeWidth);
        long lastGroupBlocks = TotalBlocks - (GroupCount - 1) * (long)GroupBlocks;
        // A last group too small to be used is left off (validate_ag_geometry).
        if (GroupCount > 1 && lastGroupBlocks < GroupBlocksMin)
            TotalBlocks -= lastGroupBlocks;
        GroupCount = (int)((TotalBlocks + GroupBlocks - 1) / GroupBlocks);
        InodeBytes = options.HasChecksums ? InodeBytesWithChecksums : InodeBytesMin;
        InodesPerBlock = BlockBytes / InodeBytes;
        InodeClusterBlocks = InodeClusterBytes * (InodeBytes / InodeBytesMin) / BlockBytes;
        InodesPerCluster = InodeClusterBlocks * InodesPerBlock;
        LogStripeBytes = stripeBytes == 0 ? 0 : stripeBytes > LogStripeUnitBytesMax ? LogStripeUnitBytesBeyond : stripeBytes;
        LogBlocks = SizeLog(blocks);
        LogGroup = GroupCount / 2;
        LogGroupBlock = HeaderBlocks + FreeListBlocks;
        if (StripeUnit > 0)
            LogGroupBlock = RoundUp(LogGroupBlock, StripeUnit);
        else if (LogGroup == 0)
            LogGroupBlock = RootChunkBlock + InodeChunkBlocks;
    }

    public XfsFormatOptions Options { get; }

    /// <summary>Stripe unit in blocks; 0 without.</summary>
    public int StripeUnit { get; }

    public int GroupBlocks { get; private set; }

    public int GroupCount { get; private set; }

    public long TotalBlocks { get; }

    public int InodeBytes { get; }

    public int InodesPerBlock { get; }

    public int InodeChunkBlocks => InodesPerChunk / InodesPerBlock;

    /// <summary>Blocks of one inode buffer: as many inodes whatever their size.</summary>
    public int InodeClusterBlocks { get; }

    public int InodesPerCluster { get; }

    public int LogStripeBytes { get; }

    public int LogBlocks { get; }

    public int LogGroup { get; }

    /// <summary>First block of the log within its group.</summary>
    public int LogGroupBlock { get; }

    /// <summary>Blocks at the start of a group: the four header sectors and the roots of its B+trees.</summary>
    public int HeaderBlocks => 1 + 2 + 1 + (Options.HasFreeInodeTree ? 1 : 0) + (Options.HasReflink ? 1 : 0);

    /// <summary>First block of the chunk that holds the root inode, in group 0.</summary>
    public int RootChunkBlock => RoundUp(HeaderBlocks + FreeListBlocks, IsStripeOfChunks ? StripeUnit : InodeAlignment);

    /// <summary>Alignment of inode chunks, in blocks (sb_inoalignmt): a whole chunk with sparse inodes, else one cluster.</summary>
    public int InodeAlignment => Options.HasSparseInodes ? InodeChunkBlocks : InodeClusterBlocks;

    /// <summary>Whether the kernel starts a chunk that cannot follow the last one on a stripe unit (xfs_ialloc_setup_geometry, ialloc_align).</summary>
    public bool AlignsInodesToStripe => Options.IsBefore5 && IsStripeOfChunks;

    private bool IsStripeOfChunks => StripeUnit > 0 && StripeUnit % InodeAlignment == 0;

    /// <summary>Room in an inode for extents, a small directory or a link's target, in bytes.</summary>
    public int LiteralBytes => InodeBytes - (Options.HasChecksums ? InodeCoreBytesWithChecksums : InodeCoreBytes);

    public long LogOffsetBytes => (LogGroup * (long)GroupBlocks + LogGroupBlock) * BlockBytes;

    public long LogBytes => LogBlocks * (long)BlockBytes;

    public int LengthOf(int group) => (int)Math.Min(GroupBlocks, TotalBlocks - group * (long)GroupBlocks);

    public static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    /// <summary>Number and size of allocation groups (xfsprogs, calc_default_ag_geometry): four for a plain disk below 4 TiB, 16 or more with a stripe unit.</summary>
    private static (int Blocks, int Count) SizeGroups(long blocks, bool isStriped)
    {
        long bytes = blocks * BlockBytes;
        long groupBlocks;
        if (bytes >= (isStriped ? StripedFixedGroupsBytes : PlainFixedGroupsBytes))
            groupBlocks = GroupBytesMax / BlockBytes - 1;
        else
        {
            int count = (isStriped ? StripedGroupCounts : PlainGroupCounts).First(step => bytes >= step.DeviceBytesMin).Groups;
            groupBlocks = (blocks + count - 1) / count;
        }

        return ((int)groupBlocks, (int)((blocks + groupBlocks - 1) / groupBlocks));
    }

    /// <summary>Rounds the group size to the stripe unit, and off the stripe width, so that not all groups start on one disk of a
    /// stripe (mkfs/xfs_mkfs.c, align_ag_geometry).</summary>
    private void AlignGroups(int stripeWidth)
    {
        GroupBlocks = Math.Min(RoundUp(GroupBlocks, StripeUnit), (int)(GroupBytesMax / BlockBytes / StripeUnit - 1) * StripeUnit);
        GroupCount = (int)((TotalBlocks + GroupBlocks - 1) / GroupBlocks);
        if (GroupCount == 1 || stripeWidth == 0 || (stripeWidth == StripeUnit && !Options.IsBefore5) || GroupBlocks % stripeWidth != 0)
            return;
        GroupBlocks += GroupBlocks - StripeUnit < GroupBlocksMin ? StripeUnit : -StripeUnit;
        GroupCount = (int)((TotalBlocks + GroupBlocks - 1) / GroupBlocks);
    }

    /// <summary>Log size (mkfs/xfs_mkfs.c, calculate_log_size): 1:2048 of the device, at least the generation's minimum, within one group.</summary>
    private int SizeLog(long deviceBlocks)
    {
        long bytes = deviceBlocks * BlockBytes;
        long logBlocks = Math.Max(deviceBlocks / LogDivisor, Options.LogBytesMin / BlockBytes);
        if (bytes < SmallDeviceBytes)
            logBlocks = Math.Min(logBlocks, Math.Max(deviceBlocks / SmallDeviceLogDivisor, SmallDeviceLogBytesMin / BlockBytes));
        logBlocks = Math.Min(logBlocks, LogBytesMax / BlockBytes - 1);
        logBlocks = Math.Min(logBlocks, GroupBlocks - GroupBlocksBesideLog);
        int stripe = Math.Max(1, LogStripeBytes / BlockBytes);
        return (int)(logBlocks / stripe * stripe);
    }
}
