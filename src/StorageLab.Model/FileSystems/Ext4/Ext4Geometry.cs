using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>Where mke2fs 1.47 puts everything on a device: block groups of 128 MiB, sixteen to a flex group, whose bitmaps and inode tables lie together.</summary>
/// <remarks>Sources: e2fsprogs misc/mke2fs.c, lib/ext2fs/initialize.c, alloc_tables.c, res_gdt.c, mkjournal.c. Blocks are 4 KiB even below 512 MiB,
/// where mke2fs.conf's "small" type takes 1 KiB.</remarks>
internal sealed class Ext4Geometry
{
    /// <summary>Block of the file system.</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "e2fsprogs misc/mke2fs.conf: blocksize")]
    public const int BlockBytes = 4096;

    /// <summary>Groups whose metadata lie together.</summary>
    [ModelConstant(ModelPart.Ext4, "groups", "e2fsprogs misc/mke2fs.c: log_groups_per_flex, 4")]
    public const int GroupsPerFlex = 16;

    /// <summary>Blocks that a block bitmap of one block covers.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "e2fsprogs lib/ext2fs/initialize.c: ext2fs_initialize, s_blocks_per_group")]
    public const int BlocksPerGroup = 8 * BlockBytes;

    /// <summary>An inode.</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "e2fsprogs misc/mke2fs.conf: inode_size")]
    public const int InodeBytes = 256;

    /// <summary>Inodes in a block of the inode table.</summary>
    [ModelConstant(ModelPart.Ext4, "inodes", "e2fsprogs misc/mke2fs.conf: blocksize / inode_size")]
    public const int InodesPerBlock = BlockBytes / InodeBytes;

    /// <summary>Inodes mke2fs keeps for itself.</summary>
    [ModelConstant(ModelPart.Ext4, "inodes", "e2fsprogs lib/ext2fs/ext2_fs.h: EXT2_GOOD_OLD_FIRST_INO")]
    public const int ReservedInodeCount = 10;

    /// <summary>The root directory's inode.</summary>
    [ModelConstant(ModelPart.Ext4, "inode number", "Linux fs/ext4/ext4.h: EXT4_ROOT_INO")]
    public const int RootInode = 2;

    /// <summary>Blocks mke2fs gives to lost+found: 16 KiB.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "e2fsprogs misc/mke2fs.c: create_lost_and_found")]
    public const int LostAndFoundBlockCount = 4;

    /// <summary>A group descriptor with the 64bit feature.</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "e2fsprogs lib/ext2fs/ext2_fs.h: EXT2_MIN_DESC_SIZE_64BIT")]
    private const int DescriptorBytes = 64;

    /// <summary>Most reserved descriptor blocks: what one indirect block of the resize inode can address.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "e2fsprogs lib/ext2fs/initialize.c: calc_reserved_gdt_blocks")]
    private const int ReservedDescriptorBlockCountMax = BlockBytes / sizeof(uint);

    /// <summary>Growth that resize_inode prepares for, as far as 32 bits reach.</summary>
    [ModelConstant(ModelPart.Ext4, "times", "e2fsprogs lib/ext2fs/initialize.c: calc_reserved_gdt_blocks")]
    private const long ReservedGrowthFactor = 1024;

    /// <summary>Blocks a group must have beyond its own metadata to be worth making.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "e2fsprogs lib/ext2fs/initialize.c: ext2fs_initialize")]
    private const int LastGroupBlockCountMin = 50;

    /// <summary>Smallest file system that gets a journal.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "e2fsprogs lib/ext2fs/mkjournal.c: ext2fs_default_journal_size")]
    private const int JournaledBlockCountMin = 2048;

    /// <summary>Size of the journal, by the size of the file system in blocks from which it holds.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "e2fsprogs lib/ext2fs/mkjournal.c: ext2fs_default_journal_size")]
    private static readonly (long BlockCountMin, long JournalBlocks)[] JournalBlockCounts =
    [
        (JournaledBlockCountMin, 1024), (32 << 10, 4096), (256 << 10, 8192), (512 << 10, 16384),
        (4096 << 10, 32768), (8192 << 10, 65536), (16384 << 10, 131072), (32768 << 10, 262144),
    ];

    private readonly long[] _metadataStart;

    public Ext4Geometry(long deviceBytes, Ext4FormatOptions options, DeviceLimits limits)
    {
        BlockCount = deviceBytes / BlockBytes;
        Lay(options);
        long tail = BlockCount % BlocksPerGroup;
        int lastOverhead = 2 + InodeTableBlockCount + (HasBackup(GroupCount - 1) ? 1 + DescriptorBlockCount + ReservedDescriptorBlockCount : 0);
        if (GroupCount > 1 && tail > 0 && tail < lastOverhead + LastGroupBlockCountMin)
        {
            BlockCount -= tail;
            Lay(options);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(BlockCount, JournaledBlockCountMin, nameof(deviceBytes));
        StripeBlockCount = StripeOf(limits);
        ReservedBlockCount = BlockCount * options.ReservedPercent / 100;
        _metadataStart = new long[(GroupCount + GroupsPerFlex - 1) / GroupsPerFlex];
        for (var flex = 0; flex < _metadataStart.Length; flex++)
            _metadataStart[flex] = FirstBlockOf(flex * GroupsPerFlex) + BackupBlockCountOf(flex * GroupsPerFlex);
        JournalBlockCount = JournalBlockCounts.Last(step => BlockCount >= step.BlockCountMin).JournalBlocks;
    }

    public long BlockCount { get; private set; }

    public int GroupCount { get; private set; }

    public int InodesPerGroup { get; private set; }

    public int InodeTableBlockCount { get; private set; }

    public long InodeCount => (long)GroupCount * InodesPerGroup;

    public int DescriptorBlockCount { get; private set; }

    /// <summary>Descriptor blocks kept free behind the used ones for growing the file system online.</summary>
    public int ReservedDescriptorBlockCount { get; private set; }

    /// <summary>Blocks for root alone (<c>-m</c>).</summary>
    public long ReservedBlockCount { get; }

    /// <summary>RAID stripe width in blocks that the allocator aligns to; 0 without one.</summary>
    public int StripeBlockCount { get; }

    public long JournalBlockCount { get; }

    /// <summary>Metadata that statfs leaves out of the total: everything but root directory, lost+found and resize inode
    /// (fs/ext4/super.c, ext4_calculate_overhead).</summary>
    public long OverheadBlockCount
    {
        get
        {
            long overhead = (long)GroupCount * (2 + InodeTableBlockCount) + JournalBlockCount;
            for (var group = 0; group < GroupCount; group++)
                overhead += BackupBlockCountOf(group);
            return overhead;
        }
    }

    /// <summary>sparse_super: groups 0, 1 and the powers of 3, 5 and 7 hold a copy of superblock and descriptors.</summary>
    public static bool HasBackup(int group) =>
        group <= 1 || IsPowerOf(3, group) || IsPowerOf(5, group) || IsPowerOf(7, group);

    public static long FirstBlockOf(int group) => (long)group * BlocksPerGroup;

    public int BlockCountOf(int group) => (int)Math.Min(BlocksPerGroup, BlockCount - FirstBlockOf(group));

    public static int GroupOf(long block) => (int)(block / BlocksPerGroup);

    /// <summary>Superblock, descriptors and reserved descriptors at the start of a group.</summary>
    public int BackupBlockCountOf(int group) => HasBackup(group) ? 1 + DescriptorBlockCount + ReservedDescriptorBlockCount : 0;

    public long BlockBitmapOf(int group) => _metadataStart[group / GroupsPerFlex] + (group % GroupsPerFlex);

    public long InodeBitmapOf(int group) => BlockBitmapOf(group) + GroupsInFlexOf(group);

    public long InodeTableOf(int group) =>
        _metadataStart[group / GroupsPerFlex] + (2 * GroupsInFlexOf(group)) + ((long)(group % GroupsPerFlex) * InodeTableBlockCount);

    public int GroupsInFlexOf(int group)
    {
        int first = group - (group % GroupsPerFlex);
        return Math.Min(GroupsPerFlex, GroupCount - first);
    }

    /// <summary>Descriptor block of a group in the primary table.</summary>
    public static long DescriptorOf(int group) => 1 + (group / (BlockBytes / DescriptorBytes));

    public int GroupOfInode(long inode) => (int)((inode - 1) / InodesPerGroup);

    /// <summary>Block of the inode table that holds an inode.</summary>
    public long TableBlockOf(long inode) => InodeTableOf(GroupOfInode(inode)) + ((inode - 1) % InodesPerGroup / InodesPerBlock);

    private static bool IsPowerOf(int factor, int number)
    {
        while (number % factor == 0)
            number /= factor;
        return number == 1;
    }

    /// <summary>Stripe width from the device's preferred large write; a small one alone serves as both (mke2fs.c, get_device_geometry).</summary>
    private static int StripeOf(DeviceLimits limits)
    {
        int bytes = limits.OptimalIoBytes > 0 ? limits.OptimalIoBytes : limits.MinimumIoBytes;
        return bytes > BlockBytes ? bytes / BlockBytes : 0;
    }

    private void Lay(Ext4FormatOptions options)
    {
        GroupCount = (int)((BlockCount + BlocksPerGroup - 1) / BlocksPerGroup);
        DescriptorBlockCount = CeilingOf((long)GroupCount * DescriptorBytes, BlockBytes);
        long grownBlocks = Math.Min(BlockCount * ReservedGrowthFactor, uint.MaxValue);
        int grown = CeilingOf(CeilingOf(grownBlocks, BlocksPerGroup), BlockBytes / DescriptorBytes);
        ReservedDescriptorBlockCount = Math.Clamp(grown - DescriptorBlockCount, 0, ReservedDescriptorBlockCountMax);
        long inodes = BlockCount * BlockBytes / options.InodeRatioBytes;
        int perGroup = CeilingOf(inodes, GroupCount);
        InodeTableBlockCount = CeilingOf((long)perGroup * InodeBytes, BlockBytes);
        InodesPerGroup = InodeTableBlockCount * InodesPerBlock;
    }

    private static int CeilingOf(long dividend, int divisor) => (int)((dividend + divisor - 1) / divisor);
}
