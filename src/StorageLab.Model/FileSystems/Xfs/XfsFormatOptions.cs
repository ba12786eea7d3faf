using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>What mkfs.xfs is told, or decides by its generation, beyond what it reads off the device.</summary>
public sealed record XfsFormatOptions
{
    /// <summary>Smallest internal log of current tools: 64 MiB.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs 5.15 mkfs/xfs_mkfs.c: calculate_log_size")]
    private const long LogBytesMinCurrent = 64L << 20;

    /// <summary>Smallest internal log of older tools: 10 MiB.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "xfsprogs 4.5 include/xfs_multidisk.h: XFS_MIN_LOG_BYTES")]
    private const long LogBytesMinBefore5 = 10L << 20;

    /// <summary>xfsprogs 5.10 and later (Debian 12 has 6.1): crc, finobt, sparse inodes, reflink, a log of at least 64 MiB.</summary>
    public static readonly XfsFormatOptions Current = new()
    {
        HasChecksums = true,
        HasFreeInodeTree = true,
        HasSparseInodes = true,
        HasReflink = true,
        LogBytesMin = LogBytesMinCurrent,
        IsBefore5 = false,
    };

    /// <summary>xfsprogs 3.2 to 4.5, as on CentOS 7, with the <c>-m crc=0,finobt=0</c> that Docker 17.10 and later adds on kernels before 3.16
    /// (daemon/graphdriver/devmapper/deviceset.go, xfsSupported).</summary>
    public static readonly XfsFormatOptions CentOs7WithoutChecksums = new()
    {
        HasChecksums = false,
        HasFreeInodeTree = false,
        HasSparseInodes = false,
        HasReflink = false,
        LogBytesMin = LogBytesMinBefore5,
        IsBefore5 = true,
    };

    /// <summary>xfsprogs 4.5 with its own defaults, as a CentOS 7 host formats its disk.</summary>
    public static readonly XfsFormatOptions CentOs7 = CentOs7WithoutChecksums with { HasChecksums = true, HasFreeInodeTree = true };

    /// <summary>Version 5 metadata; inodes have 512 bytes with it and 256 without.</summary>
    public required bool HasChecksums { get; init; }

    /// <summary>A B+tree of the inode chunks with free inodes.</summary>
    public required bool HasFreeInodeTree { get; init; }

    /// <summary>Whether part of a chunk of 64 inodes may stand for a whole one when space is fragmented.</summary>
    public required bool HasSparseInodes { get; init; }

    public required bool HasReflink { get; init; }

    /// <summary>Smallest internal log, in bytes.</summary>
    public required long LogBytesMin { get; init; }

    /// <summary>Tools and kernel of the 3.x and 4.x years. Their mkfs steps the group size off the stripe width even where that is one stripe unit, and writes the
    /// file system's last block (mkfs/xfs_mkfs.c); their kernels align inode chunks to the stripe unit, which Linux 5.3 and later do not,
    /// since they work out the inode geometry before they read the stripe unit off the superblock (fs/xfs/xfs_mount.c, xfs_mountfs).</summary>
    public required bool IsBefore5 { get; init; }

    /// <summary>Stripe unit in bytes; null takes the device's preferred write size, as mkfs does through libblkid.</summary>
    public int? StripeUnitBytes { get; init; }
}
