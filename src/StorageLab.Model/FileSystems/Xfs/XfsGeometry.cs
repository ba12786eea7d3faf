using StorageLab.Model.Blocks;

namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>The numbers mkfs.xfs writes into the superblock, all in 4 KiB blocks unless a name says otherwise.</summary>
/// <remarks>Source: xfsprogs 6.1, mkfs/xfs_mkfs.c and libfrog/topology.c (calc_default_ag_geometry). Checked against mkfs.xfs 6.1 on devices of 10, 60
/// and 100 GiB.</remarks>
internal sealed class XfsGeometry
{
    public const int BlockBytes = 4096;

    /// <summary>Inodes in a chunk (fs/xfs/libxfs/xfs_format.h, XFS_INODES_PER_CHUNK).</summary>
    public const int InodesPerChunk = 64;

    /// <summary>Free-list blocks mkfs puts into an allocation group: two per free-space tree of one level (xfs_alloc_min_freelist).</summary>
    public const int FreeListBlocks = 4;

    private const long TebiByte = 1L << 40;
    private const long GibiByte = 1L << 30;
    private const long MebiByte = 1L << 20;

    /// <summary>Smallest group: 16 MiB (XFS_AG_MIN_BYTES).</summary>
    private const int GroupBlocksMin = 16 * 1024 * 1024 / BlockBytes;

    /// <summary>Bytes wiped at both ends of the device (mkfs/xfs_mkfs.c, WHACK_SIZE).</summary>
    public const int WipeBytes = 128 * 1024;

    /// <summary>A log is aligned to at most this stripe unit (mkfs/xfs_mkfs.c, calc_stripe_factors); beyond it mkfs takes 32 KiB.</summary>
    private const int LogStripeUnitBytesMax = 256 * 1024;

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
        InodeBytes = options.HasChecksums ? 512 : 256;
        LogStripeBytes = stripeBytes == 0 ? 0 : stripeBytes > LogStripeUnitBytesMax ? 32 * 1024 : stripeBytes;
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

    public int InodesPerBlock => BlockBytes / InodeBytes;

    public int InodeChunkBlocks => InodesPerChunk / InodesPerBlock;

    /// <summary>Blocks of one inode buffer: 8 KiB per 256 bytes of inode (fs/xfs/libxfs/xfs_ialloc.c, xfs_ialloc_setup_geometry).</summary>
    public int InodeClusterBlocks => 8192 * (InodeBytes / 256) / BlockBytes;

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
    public int LiteralBytes => InodeBytes - (Options.HasChecksums ? 176 : 100);

    public long LogOffsetBytes => (LogGroup * (long)GroupBlocks + LogGroupBlock) * BlockBytes;

    public long LogBytes => LogBlocks * (long)BlockBytes;

    public int LengthOf(int group) => (int)Math.Min(GroupBlocks, TotalBlocks - group * (long)GroupBlocks);

    public static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    /// <summary>Number and size of allocation groups (xfsprogs, calc_default_ag_geometry): four for a plain disk below 4 TiB, 16 or more with a stripe unit.</summary>
    private static (int Blocks, int Count) SizeGroups(long blocks, bool isStriped)
    {
        long bytes = blocks * BlockBytes;
        long groupBlocks;
        if (bytes >= 32 * TebiByte)
            groupBlocks = TebiByte / BlockBytes - 1;
        else if (!isStriped)
            groupBlocks = bytes >= 4 * TebiByte ? TebiByte / BlockBytes - 1 : bytes > 128 * MebiByte ? (blocks + 3) >> 2 : (blocks + 1) >> 1;
        else
        {
            int shift = bytes > 512 * GibiByte ? 5 : bytes > 8 * GibiByte ? 4 : bytes >= 128 * MebiByte ? 3 : bytes >= 64 * MebiByte ? 2 : 1;
            groupBlocks = (blocks + (1L << shift) - 1) >> shift;
        }

        return ((int)groupBlocks, (int)((blocks + groupBlocks - 1) / groupBlocks));
    }

    /// <summary>Rounds the group size to the stripe unit, and off the stripe width, so that not all groups start on one disk of a
    /// stripe (mkfs/xfs_mkfs.c, align_ag_geometry).</summary>
    private void AlignGroups(int stripeWidth)
    {
        GroupBlocks = Math.Min(RoundUp(GroupBlocks, StripeUnit), (int)(TebiByte / BlockBytes / StripeUnit - 1) * StripeUnit);
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
        long logBlocks = Math.Max(deviceBlocks / 2048, Options.LogBytesMin / BlockBytes);
        if (bytes < 300 * MebiByte)
            logBlocks = Math.Min(logBlocks, Math.Max(deviceBlocks / 64, 10 * MebiByte / BlockBytes / 4));
        logBlocks = Math.Min(logBlocks, 2 * GibiByte / BlockBytes - 1);
        logBlocks = Math.Min(logBlocks, GroupBlocks - 64);
        int stripe = Math.Max(1, LogStripeBytes / BlockBytes);
        return (int)(logBlocks / stripe * stripe);
    }
}
