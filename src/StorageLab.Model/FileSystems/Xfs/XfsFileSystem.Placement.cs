using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <content>Where the blocks of files go: fs/xfs/libxfs/xfs_bmap.c.</content>
public sealed partial class XfsFileSystem
{
    /// <summary>A gap in the file is kept on the disk too while it is at most this many times the allocation.</summary>
    [ModelConstant(ModelPart.Xfs, "times", "Linux fs/xfs/libxfs/xfs_bmap.c: XFS_ALLOC_GAP_UNITS")]
    private const int GapUnits = 4;

    /// <summary>An extent record in an inode or a mapping block.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_format.h: xfs_bmbt_rec")]
    private const int ExtentRecordBytes = 16;

    /// <summary>Records of a mapping block, three quarters full.</summary>
    [ModelConstant(ModelPart.Xfs, "records",
        "Linux fs/xfs/libxfs/xfs_format.h: 4,096 bytes less a header of 72; assumption: the tree's own shape is not kept")]
    private const int MapRecordsPerBlock = (XfsGeometry.BlockBytes - 72) / ExtentRecordBytes * 3 / 4;

    private protected override FsStatus ReserveDelayed(InodeId file, long blockCount)
    {
        // One block more may be needed to map them (xfs_bmap_worst_indlen).
        if (blockCount + 1 > AvailableBlocks - SetAsideBlocks)
            return FsStatus.NoSpace;
        _delayedBlocks += blockCount;
        return FsStatus.Ok;
    }

    private protected override void UnreserveDelayed(InodeId file, long blockCount) => _delayedBlocks -= blockCount;

    /// <inheritdoc/>
    /// <remarks>xfs_bmapi_convert_delalloc: the whole delayed extent is placed where a free extent can hold it, else piece by piece.</remarks>
    private protected override FsStatus PlaceDelayed(InodeId file, in Extent delayed, long fileBlock)
    {
        long next = delayed.FileBlock;
        while (next <= fileBlock)
        {
            Extent left = delayed.Slice(next, delayed.FileEnd);
            ref readonly FileExtents extents = ref InodeAt(file).Extents;
            if (!TryAllocateData(TargetFor(extents, left, BlockOfInode(file)), left, IsAtEnd(extents, left), out AllocationRequest placed))
                return FsStatus.NoSpace;
            _delayedBlocks -= placed.Length;
            ref Inode record = ref MutableInode(file);
            record.Extents.Remove(next, next + placed.Length, Owner);
            InsertPlaced(ref record.Extents, new Extent(next, DiskBlock(placed.Group, placed.Block), placed.Length));
            next += placed.Length;
        }

        FitMapBlocks(file);
        LogInode(file);
        return FsStatus.Ok;
    }

    private protected override void FreeBlocks(InodeId file, in Extent extent)
    {
        if (_xfsInodes[file.Index].IsReflinked)
            FreeUnshared(extent);
        else
        {
            if (InodeAt(file).Kind != InodeKind.File)
                CancelLogged(extent);
            FreeDiskBlocks(extent.DiskBlock, extent.BlockCount);
        }

        FitMapBlocks(file);
    }

    /// <summary>Directory and link blocks that are freed need not be logged or written any more.</summary>
    private void CancelLogged(in Extent extent)
    {
        for (var i = 0; i < extent.BlockCount; i++)
            _log.Cancel(extent.DiskBlock + i);
    }

    private void InsertPlaced(ref FileExtents extents, in Extent extent) => extents.Insert(extent, Owner, ExtentBlocksMax);

    /// <summary>Where an extent of a file would best lie: in line with its neighbours, or near the inode (xfs_bmap_adjacent, not at end of file).</summary>
    private long TargetFor(in FileExtents extents, in Extent wanted, long inodeBlock)
    {
        long previousTarget = -1;
        long previousGap = 0;
        if (extents.TryFindBefore(wanted.FileBlock, out Extent before) && !before.IsDelayed
            && GroupOf(before.DiskBlock + before.BlockCount - 1) == GroupOf(Math.Min(before.DiskBlock + before.BlockCount, _geometry.TotalBlocks - 1)))
        {
            previousTarget = before.DiskBlock + before.BlockCount;
            previousGap = wanted.FileBlock - before.FileEnd;
            if (previousGap <= GapUnits * wanted.BlockCount && IsSameGroup(previousTarget + previousGap, before.DiskBlock))
                previousTarget += previousGap;
            else
                previousGap *= 2;
        }

        if (!extents.TryFindAtOrAfter(wanted.FileEnd, out Extent after) || after.IsDelayed)
            return previousTarget >= 0 ? previousTarget : inodeBlock;
        long gap = after.FileBlock - wanted.FileBlock;
        long nextTarget = after.DiskBlock;
        long nextGap = gap;
        if (gap <= GapUnits * wanted.BlockCount && IsSameGroup(nextTarget - gap, after.DiskBlock))
            nextTarget -= gap;
        else if (IsSameGroup(nextTarget - wanted.BlockCount, after.DiskBlock))
        {
            nextTarget -= wanted.BlockCount;
            nextGap += gap - wanted.BlockCount;
        }
        else
            nextGap += gap;
        return previousTarget >= 0 && previousGap <= nextGap ? previousTarget : nextTarget;
    }

    private bool IsSameGroup(long diskBlock, long other) =>
        diskBlock >= 0 && diskBlock < _geometry.TotalBlocks && GroupOf(diskBlock) == GroupOf(other);

    /// <summary>Whether nothing of the file lies behind an extent (xfs_bmap_isaeof); only then are long ones aligned to the stripe unit.</summary>
    private bool IsAtEnd(in FileExtents extents, in Extent wanted) =>
        _geometry.StripeUnit > 0 && wanted.BlockCount >= _geometry.StripeUnit
        && (!extents.TryFindBefore(long.MaxValue, out Extent last)
            || wanted.FileBlock >= last.FileEnd
            || (wanted.FileBlock >= last.FileBlock && last.IsDelayed));

    /// <summary>Finds and takes blocks for file content (xfs_bmap_btalloc): aligned to the stripe unit at the end of a file, then without
    /// alignment, then in pieces.</summary>
    private bool TryAllocateData(long target, in Extent wanted, bool isAligned, out AllocationRequest request)
    {
        long longest = LongestFrom(GroupOf(target), wanted.BlockCount);
        AllocationRequest plain = new()
        {
            LengthMax = Math.Min(wanted.BlockCount, MaxUsableGroupBlocks),
            Alignment = 1,
            LeaveFree = 1,
            IsUserData = true,
        };
        plain.LengthMin = Math.Clamp(longest, 1, plain.LengthMax);
        request = plain;
        if (isAligned && TryAllocateAligned(target, wanted, longest, ref request))
            return true;
        request = plain;
        if (TryTakeFrom(target, ref request))
            return true;
        request = plain with { LengthMin = 1 };
        return TryTakeFrom(target, ref request);
    }

    private bool TryAllocateAligned(long target, in Extent wanted, long longest, ref AllocationRequest request)
    {
        int stripe = _geometry.StripeUnit;
        AllocationRequest aligned = request with { Alignment = stripe };
        if (wanted.FileBlock == 0)
        {
            if (longest > stripe && longest <= request.LengthMax + stripe)
                aligned.LengthMin = longest - stripe;
        }
        else
        {
            if (longest > stripe && longest <= request.LengthMax)
                aligned.LengthMin = longest - stripe;
            AllocationRequest exact = request with { AlignmentSlop = Math.Max(0, aligned.LengthMin + stripe - request.LengthMin - 1) };
            if (TryTakeExact(target, ref exact))
            {
                request = exact;
                return true;
            }
        }

        aligned.LengthMin = Math.Max(1, Math.Min(aligned.LengthMin, aligned.LengthMax));
        if (!TryTakeFrom(target, ref aligned))
            return false;
        request = aligned;
        return true;
    }

    /// <summary>Longest usable free run, looked for from a group on until one holds the wanted length (xfs_bmap_btalloc_nullfb).</summary>
    private long LongestFrom(int firstGroup, long wantedBlocks)
    {
        long longest = 0;
        for (var i = 0; i < _groups.Length && longest < wantedBlocks; i++)
            longest = Math.Max(longest, LongestUsable(_groups[(firstGroup + i) % _groups.Length]));
        return longest;
    }

    /// <summary>Keeps as many mapping blocks as the file's extents need beyond those that fit into the inode.</summary>
    private void FitMapBlocks(InodeId inode)
    {
        int records = InodeAt(inode).Extents.Count;
        int inInode = DataForkBytes(inode) / ExtentRecordBytes;
        int needed = records <= inInode ? 0 : (records + MapRecordsPerBlock - 1) / MapRecordsPerBlock;
        while (_xfsInodes[inode.Index].MapBlockCount < needed && TryTakeMetadataBlock(BlockOfInode(inode), out long diskBlock))
            AddMapBlock(inode, diskBlock);
        while (_xfsInodes[inode.Index].MapBlockCount > needed)
            DropMapBlock(inode);
        // A change of one extent changes one leaf; which one is not kept.
        if (needed > 0 && _xfsInodes[inode.Index].MapBlocks.TryFindAtOrAfter(0, out Extent leaf))
            _log.AddBuffer(leaf.DiskBlock, ExtentRecordBytes);
    }

    private void AddMapBlock(InodeId inode, long diskBlock)
    {
        ref XfsInode xfs = ref MutableXfsInode(inode);
        xfs.MapBlocks.Insert(new Extent(xfs.MapBlockCount++, diskBlock, 1), Owner, ExtentBlocksMax);
        MutableInode(inode).AllocatedBlocks++;
        _log.AddBuffer(diskBlock, BlockBytes);
    }

    private void DropMapBlock(InodeId inode)
    {
        ref XfsInode xfs = ref MutableXfsInode(inode);
        int last = --xfs.MapBlockCount;
        xfs.MapBlocks.TryFind(last, out Extent extent);
        xfs.MapBlocks.Remove(last, last + 1, Owner);
        MutableInode(inode).AllocatedBlocks--;
        FreeMetadataBlock(extent.Slice(last, last + 1).DiskBlock);
    }
}
