using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>xfs as Linux 6.1 runs it, on the geometry that mkfs.xfs chooses.</summary>
/// <remarks>
/// Ported from fs/xfs: where inodes and directories go (xfs_ialloc.c), where data goes (xfs_bmap.c, xfs_alloc.c), what the log writes
/// (xfs_log.c), what mount and unmount cost. Not kept: the inner shape of the free-space, inode and extent B+trees beyond their roots.
/// A failed data write is reported to whoever syncs; a failed log write shuts the file system down, as the kernel does.
/// </remarks>
public sealed partial class XfsFileSystem : FileSystem
{
    private const int XfsInodePageShift = 5;

    /// <summary>Longest extent a record can hold.</summary>
    [ModelConstant(ModelPart.Xfs, "blocks", "Linux fs/xfs/libxfs/xfs_format.h: XFS_MAX_BMBT_EXTLEN")]
    private const long ExtentBlocksMax = (1 << 21) - 1;

    /// <summary>Share of the device that inodes may take.</summary>
    [ModelConstant(ModelPart.Xfs, "percent", "xfsprogs mkfs/xfs_mkfs.c: calc_imaxpct, below 1 TiB")]
    private const int InodePercentMax = 25;

    /// <summary>Most blocks hidden from users for operations that must not fail.</summary>
    [ModelConstant(ModelPart.Xfs, "blocks", "Linux fs/xfs/xfs_mount.c: xfs_default_resblks")]
    private const long ReserveBlocksMax = 8192;

    /// <summary>Smaller devices hide this part of their blocks.</summary>
    [ModelConstant(ModelPart.Xfs, "part of the blocks", "Linux fs/xfs/xfs_mount.c: xfs_default_resblks")]
    private const int ReserveDivisor = 20;

    /// <summary>Records of a half-full leaf of the reference-count tree.</summary>
    [ModelConstant(ModelPart.Xfs, "records", "Linux fs/xfs/libxfs/xfs_refcount_btree.c: xfs_refcountbt_calc_reserves")]
    private const int RefcountLeafMin = (XfsGeometry.BlockBytes - 56) / 12 / 2;

    /// <summary>Records of a half-full leaf of the free-inode tree.</summary>
    [ModelConstant(ModelPart.Xfs, "records", "Linux fs/xfs/libxfs/xfs_ialloc_btree.c: xfs_finobt_calc_reserves")]
    private const int InodeLeafMin = (XfsGeometry.BlockBytes - 56) / 16 / 2;

    /// <summary>Pointers of a half-full inner node of either.</summary>
    [ModelConstant(ModelPart.Xfs, "pointers", "Linux fs/xfs/libxfs/xfs_btree.c: xfs_btree_calc_size")]
    private const int NodeRecordsMin = (XfsGeometry.BlockBytes - 56) / 8 / 2;

    /// <summary>Blocks per group that may be stuck in free lists.</summary>
    [ModelConstant(ModelPart.Xfs, "blocks", "Linux fs/xfs/libxfs/xfs_alloc.c: xfs_alloc_set_aside")]
    private const int SetAsideBlocksPerGroup = 8;

    private readonly XfsGeometry _geometry;
    private readonly AllocationGroup[] _groups;
    private readonly CowArray<XfsInode> _xfsInodes;
    private readonly XfsLog _log;
    private readonly BusyExtents _busy;
    private long _freeBlocks;
    private long _reservedBlocks;
    private long _delayedBlocks;
    private int _directoryRotor;

    private XfsFileSystem(IBlockDevice device, XfsGeometry geometry)
        : base(device)
    {
        _geometry = geometry;
        _groups = new AllocationGroup[geometry.GroupCount];
        _xfsInodes = new CowArray<XfsInode>(XfsInodePageShift);
        _log = new XfsLog();
        _busy = new BusyExtents(geometry.GroupCount);
        MakeGroups();
        Root = MakeRoot();
    }

    private XfsFileSystem(XfsFileSystem original, IBlockDevice device)
        : base(original, device)
    {
        _geometry = original._geometry;
        _groups = (AllocationGroup[])original._groups.Clone();
        _xfsInodes = original._xfsInodes.Clone();
        _log = new XfsLog { HeadBytes = original._log.HeadBytes };
        _busy = new BusyExtents(_geometry.GroupCount);
        _freeBlocks = original._freeBlocks;
        _reservedBlocks = original._reservedBlocks;
        _delayedBlocks = original._delayedBlocks;
        _shared = original._shared;
        _hasAttributes = original._hasAttributes;
        DropAllCopyOnWrite();
        _log.ClearItems();
        _log.ClearHome();
        _busy.Clear();
    }

    public override string TypeName => "xfs";

    public override bool SupportsReflink => _geometry.Options.HasReflink;

    /// <inheritdoc/>
    public override long WriteUnitBytes => WritePieceBlocks * XfsGeometry.BlockBytes;

    /// <inheritdoc/>
    /// <remarks>fs/xfs/xfs_super.c, xfs_fs_statfs: the log does not count as capacity; what groups reserve for their trees counts as used.</remarks>
    public override FsUsage Usage
    {
        get
        {
            long total = _geometry.TotalBlocks - _geometry.LogBlocks;
            long free = Math.Max(0, AvailableBlocks - SetAsideBlocks);
            long inodes = 0;
            long freeInodes = 0;
            foreach (AllocationGroup group in _groups)
            {
                inodes += group.Chunks.InodeCount;
                freeInodes += group.Chunks.FreeCount;
            }

            long totalInodes = Math.Max(inodes, Math.Min(inodes + free * _geometry.InodesPerBlock, InodeCountMax));
            return new FsUsage(total * BlockBytes, (total - free) * BlockBytes, totalInodes, inodes - freeInodes);
        }
    }

    private protected override int BlockBytes => XfsGeometry.BlockBytes;

    private protected override long ExtentBlockCountMax => ExtentBlocksMax;

    private protected override long FileSizeBytesMax => long.MaxValue;

    private long SetAsideBlocks => _geometry.GroupCount * (long)SetAsideBlocksPerGroup;

    private long InodeCountMax => _geometry.TotalBlocks * InodePercentMax / 100 * _geometry.InodesPerBlock / XfsGeometry.InodesPerChunk * XfsGeometry.InodesPerChunk;

    /// <summary>Free blocks that are not promised to anything (m_fdblocks).</summary>
    private long AvailableBlocks => _freeBlocks - _reservedBlocks - _delayedBlocks;

    /// <summary>mkfs.xfs: writes an empty file system to the device and returns it, unmounted.</summary>
    /// <param name="options">A generation of xfsprogs with the options it is given.</param>
    /// <param name="status">How the writes ended; the file system is not usable after a failure.</param>
    public static XfsFileSystem Format(IBlockDevice device, XfsFormatOptions options, out FsStatus status)
    {
        XfsFileSystem fileSystem = new(device, new XfsGeometry(device.LengthBytes, device.Limits, options));
        status = fileSystem.WriteFormat();
        return fileSystem;
    }

    private protected override FileSystem CloneFormat(IBlockDevice device) => new XfsFileSystem(this, device);

    private protected override FsStatus TrimFormat(out long trimmedBytes)
    {
        trimmedBytes = 0;
        FsStatus status = ForceLog();
        long blocksMin = Math.Max(1, Device.Limits.DiscardGranularityBytes / BlockBytes);
        for (var number = 0; number < _groups.Length && status == FsStatus.Ok; number++)
        {
            PackedSet bySize = _groups[number].BySize;
            for (PackedSet.Cursor cursor = bySize.Last(); bySize.IsValid(cursor); cursor = bySize.Previous(cursor))
            {
                long count = PackedSet.High(bySize.KeyAt(cursor));
                if (count < blocksMin)
                    break;
                long offset = DiskBlock(number, PackedSet.Low(bySize.KeyAt(cursor))) * BlockBytes;
                status = ToFsStatus(Device.Discard(offset, count * BlockBytes));
                if (status != FsStatus.Ok)
                    break;
                trimmedBytes += count * BlockBytes;
            }
        }

        return status;
    }

    private long DiskBlock(int group, long block) => group * (long)_geometry.GroupBlocks + block;

    private int GroupOf(long diskBlock) => (int)(diskBlock / _geometry.GroupBlocks);

    private long BlockInGroup(long diskBlock) => diskBlock % _geometry.GroupBlocks;

    private AllocationGroup MutableGroup(int number)
    {
        ref AllocationGroup group = ref _groups[number];
        if (group.Owner != Owner)
            group = group.CopyFor(Owner);
        return group;
    }

    private ref XfsInode MutableXfsInode(InodeId inode)
    {
        _xfsInodes.EnsureLength(inode.Index + 1);
        return ref _xfsInodes.Mutable(inode.Index);
    }

    private void MakeGroups()
    {
        for (var number = 0; number < _groups.Length; number++)
        {
            int length = _geometry.LengthOf(number);
            bool holdsLog = number == _geometry.LogGroup;
            long reserved = TreeReserve(length - (holdsLog ? _geometry.LogBlocks : 0));
            AllocationGroup group = new(Owner, number, length) { ReservedBlocks = reserved };
            int first = _geometry.HeaderBlocks + XfsGeometry.FreeListBlocks;
            group.Free(first, length - first);
            if (holdsLog)
                group.Take(_geometry.LogGroupBlock, _geometry.LogBlocks);
            _groups[number] = group;
            _freeBlocks += group.FreeBlocks + XfsGeometry.FreeListBlocks;
            _reservedBlocks += reserved;
        }

        _reservedBlocks += Math.Min(_geometry.TotalBlocks / ReserveDivisor, ReserveBlocksMax);
    }

    /// <summary>Blocks a group keeps back so that its reference-count and free-inode trees can always grow (xfs_refcountbt_calc_reserves,
    /// xfs_finobt_calc_reserves), without the two roots in use.</summary>
    private long TreeReserve(long usableBlocks)
    {
        long reserved = 0;
        if (_geometry.Options.HasReflink)
            reserved += TreeSize(usableBlocks, RefcountLeafMin) - 1;
        if (_geometry.Options.HasFreeInodeTree && _geometry.Options.HasSparseInodes)
            reserved += TreeSize(usableBlocks * _geometry.InodesPerBlock / XfsGeometry.InodesPerChunk, InodeLeafMin) - 1;
        return reserved;
    }

    /// <summary>Blocks of a B+tree whose nodes are all half full (xfs_btree_calc_size).</summary>
    private static long TreeSize(long records, int leafRecordsMin)
    {
        long level = (records + leafRecordsMin - 1) / leafRecordsMin;
        long blocks = level;
        while (level > 1)
        {
            level = (level + NodeRecordsMin - 1) / NodeRecordsMin;
            blocks += level;
        }

        return blocks;
    }

    private InodeId MakeRoot()
    {
        AllocationGroup group = MutableGroup(0);
        group.Take(_geometry.RootChunkBlock, _geometry.InodeChunkBlocks);
        _freeBlocks -= _geometry.InodeChunkBlocks;
        long first = _geometry.RootChunkBlock * (long)_geometry.InodesPerBlock;
        group.Chunks.Add(first, XfsGeometry.InodesPerChunk);
        group.NewestInode = first;
        InodeId root = NewInode(InodeKind.Directory);
        MutableInode(root).DiskNumber = group.Chunks.TakeFrom(first);
        MutableXfsInode(root).ShortFormBytes = ShortFormHeaderBytes;
        // The bitmap and summary inodes of the (unused) realtime device sit beside the root.
        group.Chunks.TakeFrom(first);
        group.Chunks.TakeFrom(first);
        return root;
    }
}
