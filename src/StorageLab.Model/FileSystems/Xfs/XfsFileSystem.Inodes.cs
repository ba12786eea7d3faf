using System.Numerics;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <content>Inodes: fs/xfs/libxfs/xfs_ialloc.c.</content>
public sealed partial class XfsFileSystem
{
    /// <summary>Blocks left free in a group so that its inode trees can split: their greatest height.</summary>
    [ModelConstant(ModelPart.Xfs, "blocks", "Linux fs/xfs/libxfs/xfs_ialloc.c: inobt_maxlevels")]
    private const int InodeTreeLevelsMax = 3;

    /// <summary>Chunks looked at to each side of the parent where there is no free-inode tree.</summary>
    [ModelConstant(ModelPart.Xfs, "chunks", "Linux fs/xfs/libxfs/xfs_ialloc.c: xfs_dialloc_ag_inobt, searchdistance")]
    private const int InodeSearchDistance = 10;

    /// <summary>With less than this part of the blocks free, any group with a free inode is taken before a new chunk is made.</summary>
    [ModelConstant(ModelPart.Xfs, "part of the blocks", "Linux fs/xfs/xfs_mount.c: XFS_LOWSP_1_PCNT")]
    private const int NearlyFullDivisor = 100;

    /// <summary>Content of a block of a link's target that is too long for the inode.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_format.h: XFS_SYMLINK_BUF_SPACE")]
    private const int SymlinkBlockBytes = XfsGeometry.BlockBytes - 56;

    /// <summary>An entry of attributes within the inode, without name and value.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_da_format.h: xfs_attr_sf_entry")]
    private const int AttributeEntryBytes = 3;

    /// <summary>Header of attributes within the inode.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_da_format.h: xfs_attr_sf_hdr")]
    private const int AttributeHeaderBytes = 4;

    /// <summary>"overlay.opaque" and its value "y".</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/overlayfs/overlayfs.h: OVL_XATTR_OPAQUE")]
    private const int OverlayOpaqueBytes = 14 + 1;

    /// <summary>"overlay.origin" and a file handle with UUID.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/overlayfs/overlayfs.h: struct ovl_fh, 21 bytes, and an xfs handle of 8")]
    private const int OverlayOriginBytes = 14 + 21 + 8;

    /// <summary>Room for names or extents in an inode that is made with an attribute fork: 6 * 2 pointer pairs and a header, in steps of
    /// 8.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_bmap.c: xfs_bmap_compute_attr_offset")]
    private const int DataForkBytesBesideAttributes = (4 + 6 * 2 * 16) / 8 * 8;

    /// <summary>Whether any inode ever had an extended attribute (XFS_SB_VERSION_ATTRBIT). From then on Linux 5.11 and later make every
    /// inode with an attribute fork, since a security module (Landlock) may want one (fs/xfs/xfs_iops.c, xfs_create_need_xattr).</summary>
    private bool _hasAttributes;

    private protected override FsStatus PlaceInode(InodeId parent, InodeId inode, int symlinkLengthBytes)
    {
        InodeKind kind = InodeAt(inode).Kind;
        long parentNumber = InodeAt(parent).DiskNumber;
        if (!TryTakeInode(parentNumber, kind == InodeKind.Directory, out long number))
            return FsStatus.NoSpace;
        MutableInode(inode).DiskNumber = number;
        MutableXfsInode(inode) = new XfsInode
        {
            ShortFormBytes = kind == InodeKind.Directory ? ShortFormHeaderBytes : 0,
            AttributeForkBytes = _hasAttributes && !_geometry.Options.IsBefore5 ? _geometry.LiteralBytes - DataForkBytesBesideAttributes : 0,
        };
        LogInode(inode);
        if (symlinkLengthBytes <= DataForkBytes(inode))
            return FsStatus.Ok;
        long blocks = (symlinkLengthBytes + SymlinkBlockBytes - 1) / SymlinkBlockBytes;
        for (long block = 0; block < blocks; block++)
        {
            if (TryAddMetadataExtent(inode, block, out long diskBlock))
            {
                _log.AddBuffer(diskBlock, BlockBytes);
                continue;
            }

            FreeRange(inode, 0, blocks);
            ReleaseInode(inode);
            return FsStatus.NoSpace;
        }

        return FsStatus.Ok;
    }

    /// <inheritdoc/>
    /// <remarks>xfs_difree: a chunk whose last inode goes is freed with its blocks.</remarks>
    private protected override void ReleaseInode(InodeId inode)
    {
        DropCopyOnWrite(inode);
        long number = InodeAt(inode).DiskNumber;
        AllocationGroup group = MutableGroup(GroupOfInode(number));
        LogInode(inode);
        _xfsInodes.Mutable(inode.Index) = default;
        LogInodeTrees(group.Number);
        if (group.Chunks.Release(InodeInGroup(number), out InodeChunks.Chunk emptied))
            FreeChunk(group.Number, emptied);
    }

    private protected override void JournalInode(InodeId inode)
    {
        long number = InodeAt(inode).DiskNumber;
        long cluster = InodeInGroup(number) / _geometry.InodesPerCluster;
        _log.AddInode(inode, DiskBlock(GroupOfInode(number), cluster * _geometry.InodeClusterBlocks), _geometry.InodeClusterBlocks);
    }

    private protected override FsStatus StoreExtendedAttributes(InodeId inode, ExtendedAttributes added)
    {
        int bytes = 0;
        if (added.HasFlag(ExtendedAttributes.OverlayOpaque))
            bytes += AttributeEntryBytes + OverlayOpaqueBytes;
        if (added.HasFlag(ExtendedAttributes.OverlayOrigin))
            bytes += AttributeEntryBytes + OverlayOriginBytes;
        ref XfsInode xfs = ref MutableXfsInode(inode);
        if (xfs.AttributeBytes == 0)
            bytes += AttributeHeaderBytes;
        xfs.AttributeBytes += bytes;
        xfs.AttributeForkBytes = Math.Max(xfs.AttributeForkBytes, XfsGeometry.RoundUp(xfs.AttributeBytes, 8));
        _hasAttributes = true;
        FitMapBlocks(inode);
        return FsStatus.Ok;
    }

    /// <summary>First block of the inode's place on the disk.</summary>
    private long BlockOfInode(InodeId inode)
    {
        long number = InodeAt(inode).DiskNumber;
        return DiskBlock(GroupOfInode(number), InodeInGroup(number) / _geometry.InodesPerBlock);
    }

    private static int GroupOfInode(long number) => (int)(number >> 32);

    private static long InodeInGroup(long number) => number & uint.MaxValue;

    /// <summary>Takes an inode number: a directory's from the next group in turn, anything else's in its parent's group (xfs_dialloc).</summary>
    private bool TryTakeInode(long parent, bool isDirectory, out long number)
    {
        int start = GroupOfInode(parent);
        if (isDirectory)
        {
            start = _directoryRotor;
            _directoryRotor = (_directoryRotor + 1) % _groups.Length;
        }

        bool isNearlyFull = AvailableBlocks < _geometry.TotalBlocks / NearlyFullDivisor;
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < _groups.Length; i++)
            {
                int group = (start + i) % _groups.Length;
                if (_groups[group].Chunks.FreeCount == 0
                    && (!MayAddChunk(group, pass == 0, isNearlyFull) || !TryAddChunk(group)))
                    continue;
                number = TakeInodeIn(group, parent);
                return true;
            }
        }

        number = 0;
        return false;
    }

    /// <summary>Whether a group may get another chunk (xfs_dialloc_good_ag); close to full the first pass only uses up free inodes.</summary>
    private bool MayAddChunk(int number, bool isFirstPass, bool isNearlyFull)
    {
        long inodes = 0;
        foreach (AllocationGroup other in _groups)
            inodes += other.Chunks.InodeCount;
        if (inodes + XfsGeometry.InodesPerChunk > InodeCountMax || (isFirstPass && isNearlyFull))
            return false;
        AllocationGroup group = _groups[number];
        long needed = InodeChunkBlocksMin + (isFirstPass ? _geometry.InodeAlignment : 0);
        return group.FreeBlocks >= needed + 1 && group.LongestFree >= needed && AvailableBlocks - SetAsideBlocks >= InodeChunkBlocksMin;
    }

    private int InodeChunkBlocksMin => _geometry.Options.HasSparseInodes ? _geometry.InodeClusterBlocks : _geometry.InodeChunkBlocks;

    /// <summary>Adds a chunk of 64 inodes: behind the newest one, else on a stripe unit near the start, else aligned, else a sparse one
    /// (xfs_ialloc_ag_alloc).</summary>
    private bool TryAddChunk(int number)
    {
        AllocationGroup group = _groups[number];
        int blocks = _geometry.InodeChunkBlocks;
        AllocationRequest request = new()
        {
            LengthMin = blocks,
            LengthMax = blocks,
            Alignment = 1,
            AlignmentSlop = _geometry.InodeAlignment - 1,
            LeaveFree = InodeTreeLevelsMax,
        };
        bool found = false;
        if (group.NewestInode >= 0 && group.NewestInode / _geometry.InodesPerBlock + blocks < group.LengthBlocks)
            found = TryTakeExact(DiskBlock(number, group.NewestInode / _geometry.InodesPerBlock + blocks), ref request);
        // The inode tree's root is the target for chunks that stand alone.
        long root = DiskBlock(number, 3);
        request.AlignmentSlop = 0;
        if (!found && _geometry.AlignsInodesToStripe)
        {
            request.Alignment = _geometry.StripeUnit;
            found = TryTakeNear(root, ref request);
        }

        if (!found)
        {
            request = request with { Alignment = _geometry.InodeAlignment, LengthMax = blocks };
            found = TryTakeNear(root, ref request);
        }

        if (!found && _geometry.Options.HasSparseInodes)
        {
            request = request with
            {
                LengthMin = _geometry.InodeClusterBlocks,
                LengthMax = _geometry.InodeClusterBlocks,
                Alignment = _geometry.InodeClusterBlocks,
                BlockMin = _geometry.InodeAlignment,
                BlockMax = _geometry.GroupBlocks / _geometry.InodeAlignment * _geometry.InodeAlignment - 1,
            };
            found = TryTakeNear(root, ref request);
        }

        if (!found)
            return false;
        group = MutableGroup(number);
        long first = request.Block * _geometry.InodesPerBlock;
        group.Chunks.Add(first, (int)request.Length * _geometry.InodesPerBlock);
        group.NewestInode = group.Chunks.StartOf(first);
        for (var i = 0; i < request.Length; i++)
            _log.AddUnlogged(DiskBlock(number, request.Block + i));
        _log.AddChunk();
        return true;
    }

    private long TakeInodeIn(int number, long parent)
    {
        AllocationGroup group = MutableGroup(number);
        bool isParentsGroup = GroupOfInode(parent) == number;
        long chunk;
        if (isParentsGroup)
            chunk = NearestChunk(group, InodeInGroup(parent));
        else
            chunk = group.NewestInode >= 0 && group.Chunks.HasFree(group.NewestInode) ? group.NewestInode : group.Chunks.FirstWithFree();
        LogInodeTrees(number);
        return ((long)number << 32) | group.Chunks.TakeFrom(chunk);
    }

    /// <summary>The chunk to take an inode from near another one; without a free-inode tree the search goes only so far and then falls back to
    /// the newest chunk and the first one with room.</summary>
    private long NearestChunk(AllocationGroup group, long inode)
    {
        long nearest = group.Chunks.NearestWithFree(inode);
        if (_geometry.Options.HasFreeInodeTree || group.Chunks.DistanceInChunks(inode, nearest) < InodeSearchDistance)
            return nearest;
        return group.NewestInode >= 0 && group.Chunks.HasFree(group.NewestInode) ? group.NewestInode : group.Chunks.FirstWithFree();
    }

    private void FreeChunk(int group, in InodeChunks.Chunk chunk) => ForEachPresentRun(chunk, (first, count) =>
    {
        long start = DiskBlock(group, first / _geometry.InodesPerBlock);
        int blockCount = count / _geometry.InodesPerBlock;
        for (var i = 0; i < blockCount; i++)
            _log.Cancel(start + i);
        FreeDiskBlocks(start, blockCount);
    });

    private static void ForEachPresentRun(in InodeChunks.Chunk chunk, Action<long, int> action)
    {
        for (ulong left = chunk.Present; left != 0;)
        {
            int start = BitOperations.TrailingZeroCount(left);
            int count = BitOperations.TrailingZeroCount(~(left >> start));
            action(chunk.First + start, count);
            left = start + count == 64 ? 0 : left >> (start + count) << (start + count);
        }
    }
}
