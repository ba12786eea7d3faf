using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>How mkfs.ext4 is called, and what of the kernel's behaviour differs by version.</summary>
public sealed record Ext4FormatOptions
{
    /// <summary>Bytes of the device per inode.</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "e2fsprogs misc/mke2fs.conf: inode_ratio")]
    private const int InodeRatioBytesDefault = 16384;

    /// <summary>Blocks that only root may use.</summary>
    [ModelConstant(ModelPart.Ext4, "percent", "e2fsprogs misc/mke2fs.c: reserved_ratio")]
    private const int ReservedPercentDefault = 5;

    /// <summary>How many times as long as it worked the kernel rests while it zeroes inode tables.</summary>
    [ModelConstant(ModelPart.Ext4, "times", "Linux fs/ext4/ext4.h: EXT4_DEF_LI_WAIT_MULT")]
    public const int InodeTableWaitMultipleDefault = 10;

    /// <summary>mkfs.ext4 without options, as on a host's disk (e2fsprogs 1.47.0, /etc/mke2fs.conf).</summary>
    public static Ext4FormatOptions Host { get; } = new();

    /// <summary>What the devicemapper driver runs on its base device: <c>-E nodiscard,lazy_itable_init=0,lazy_journal_init=0</c>
    /// (moby daemon/graphdriver/devmapper/deviceset.go, createFilesystem).</summary>
    public static Ext4FormatOptions DockerBase { get; } = new() { LazyInodeTables = false };

    /// <summary>Leave zeroing the inode tables to the kernel (lazy_itable_init=1).</summary>
    public bool LazyInodeTables { get; init; } = true;

    /// <summary>How many times as long as it worked the kernel rests while it zeroes those tables (mount option init_itable); 0 leaves them as they are.</summary>
    public int InodeTableWaitMultiple { get; init; }

    /// <summary>Bytes of the device per inode.</summary>
    public int InodeRatioBytes { get; init; } = InodeRatioBytesDefault;

    /// <summary>Blocks only root may use, in percent of all. Docker writes as root, so they only show in <c>df</c>'s available.</summary>
    public int ReservedPercent { get; init; } = ReservedPercentDefault;

    /// <summary>Whether a mount goes on in the journal where the last one ended (Linux 6.4 and newer, JBD2_CYCLE_RECORD in
    /// fs/jbd2/journal.c) instead of starting at its first block.</summary>
    public bool JournalKeepsPlaceAcrossMounts { get; init; }

    /// <summary>Whether large allocations try the groups in memory in the order they came there (mb_optimize_scan: Linux 5.13 and newer, on devices that
    /// do not rotate) instead of all groups by number from the goal on.</summary>
    public bool TriesLoadedGroupsFirst { get; init; } = true;
}
