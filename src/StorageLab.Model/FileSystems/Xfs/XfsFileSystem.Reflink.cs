using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <content>Shared blocks: FICLONE and copy on write (fs/xfs/xfs_reflink.c).</content>
public sealed partial class XfsFileSystem
{
    /// <summary>Copies on write are placed in runs of this length, aligned in the file.</summary>
    [ModelConstant(ModelPart.Xfs, "blocks", "Linux fs/xfs/xfs_inode.h: XFS_DEFAULT_COWEXTSZ_HINT")]
    private const int CopyOnWriteBlocks = 32;

    private SharedBlocks? _shared;

    /// <inheritdoc/>
    public override long SharedBytes => (_shared?.FurtherBlockCount ?? 0) * BlockBytes;

    /// <inheritdoc/>
    public override FsStatus Reflink(InodeId source, InodeId target)
    {
        if (!SupportsReflink)
            return FsStatus.NotSupported;
        FsStatus status = Fault == FsStatus.Ok ? WriteBack(source, 0, long.MaxValue) : Fault;
        if (status != FsStatus.Ok)
            return status;
        MutableXfsInode(source).IsReflinked = true;
        MutableXfsInode(target).IsReflinked = true;
        for (long next = 0; InodeAt(source).Extents.TryFindAtOrAfter(next, out Extent extent); next = extent.FileEnd)
        {
            ref Inode record = ref MutableInode(target);
            record.Extents.Insert(extent, Owner, ExtentBlocksMax);
            record.AllocatedBlocks += extent.BlockCount;
            AddReference(extent);
        }

        MutableInode(target).SizeBytes = InodeAt(source).SizeBytes;
        FitMapBlocks(target);
        LogInode(source);
        LogInode(target);
        return FsStatus.Ok;
    }

    private protected override FsStatus PrepareWrite(InodeId file, long from, long to)
    {
        FsStatus status = PrepareGrowingWrite(file, from, to);
        if (status != FsStatus.Ok || !_xfsInodes[file.Index].IsReflinked)
            return status;
        for (long next = from; next < to && status == FsStatus.Ok;)
        {
            if (!InodeAt(file).Extents.TryFind(next, out Extent extent) || extent.IsDelayed)
            {
                next = InodeAt(file).Extents.TryFindAtOrAfter(next, out extent) ? Math.Max(next + 1, extent.FileEnd) : to;
                continue;
            }

            Extent part = extent.Slice(next, to);
            long run = Shared.NextChange(part.DiskBlock, part.DiskBlock + part.BlockCount) - part.DiskBlock;
            if (Shared.CountOf(part.DiskBlock) > 1)
                status = ReserveCopy(file, next, next + run);
            next += run;
        }

        return status;
    }

    private protected override FsStatus MapForWriteBack(InodeId file, long fileBlock, out Extent extent)
    {
        if (!_xfsInodes[file.Index].CopyOnWrite.TryFind(fileBlock, out extent))
            return MapUpToCopy(file, fileBlock, out extent);
        if (!extent.IsDelayed)
            return FsStatus.Ok;
        Extent delayed = extent;
        ref XfsInode xfs = ref MutableXfsInode(file);
        if (!TryAllocateData(TargetFor(xfs.CopyOnWrite, delayed, BlockOfInode(file)), delayed, false, out AllocationRequest placed))
            return FsStatus.NoSpace;
        _delayedBlocks -= placed.Length;
        xfs.CopyOnWrite.Remove(delayed.FileBlock, delayed.FileBlock + placed.Length, Owner);
        InsertPlaced(ref xfs.CopyOnWrite, new Extent(delayed.FileBlock, DiskBlock(placed.Group, placed.Block), placed.Length));
        LogRefcounts(placed.Group);
        return MapForWriteBack(file, fileBlock, out extent);
    }

    /// <summary>A copy that has been written takes the place of the shared blocks (xfs_reflink_end_cow).</summary>
    private protected override void CompleteWriteBack(InodeId file, in Extent written)
    {
        if (!_xfsInodes[file.Index].CopyOnWrite.TryFind(written.FileBlock, out Extent copy) || copy.IsDelayed)
            return;
        MutableXfsInode(file).CopyOnWrite.Remove(written.FileBlock, written.FileEnd, Owner);
        MutableInode(file).AllocatedBlocks -= written.BlockCount;
        FreeRange(file, written.FileBlock, written.FileEnd);
        ref Inode record = ref MutableInode(file);
        InsertPlaced(ref record.Extents, written);
        record.AllocatedBlocks += written.BlockCount;
        FitMapBlocks(file);
        LogRefcounts(GroupOf(written.DiskBlock));
        LogInode(file);
    }

    private SharedBlocks Shared
    {
        get
        {
            if (_shared is null)
                _shared = new SharedBlocks(Owner);
            else if (_shared.Owner != Owner)
                _shared = _shared.CopyFor(Owner);
            return _shared;
        }
    }

    /// <summary>The file's own extent, ended where a copy on write begins.</summary>
    private FsStatus MapUpToCopy(InodeId file, long fileBlock, out Extent extent)
    {
        FsStatus status = base.MapForWriteBack(file, fileBlock, out extent);
        if (status == FsStatus.Ok && _xfsInodes[file.Index].CopyOnWrite.TryFindAtOrAfter(fileBlock, out Extent copy) && copy.FileBlock < extent.FileEnd)
            extent = extent.Slice(extent.FileBlock, copy.FileBlock);
        return status;
    }

    /// <summary>Reserves a copy for shared blocks, rounded out to whole runs as far as no other copy is in the way.</summary>
    private FsStatus ReserveCopy(InodeId file, long from, long to)
    {
        long start = from / CopyOnWriteBlocks * CopyOnWriteBlocks;
        long end = (to + CopyOnWriteBlocks - 1) / CopyOnWriteBlocks * CopyOnWriteBlocks;
        for (long next = start; next < end;)
        {
            ref XfsInode xfs = ref MutableXfsInode(file);
            bool found = xfs.CopyOnWrite.TryFindAtOrAfter(next, out Extent present) && present.FileBlock < end;
            long gapEnd = found ? present.FileBlock : end;
            if (gapEnd > next)
            {
                FsStatus status = ReserveDelayed(file, gapEnd - next);
                if (status != FsStatus.Ok)
                    return status;
                xfs.CopyOnWrite.Insert(new Extent(next, Extent.Delayed, gapEnd - next), Owner, ExtentBlocksMax);
                MutableInode(file).AllocatedBlocks += gapEnd - next;
            }

            next = found ? Math.Max(gapEnd, present.FileEnd) : end;
        }

        return FsStatus.Ok;
    }

    private void AddReference(in Extent extent)
    {
        long end = extent.DiskBlock + extent.BlockCount;
        for (long next = extent.DiskBlock; next < end;)
        {
            long change = Shared.NextChange(next, end);
            Shared.Set(next, change - next, Shared.CountOf(next) + 1);
            LogRefcounts(GroupOf(next));
            next = change;
        }
    }

    /// <summary>Takes one reference off an extent's blocks and frees those that had only that one.</summary>
    private void FreeUnshared(in Extent extent)
    {
        long end = extent.DiskBlock + extent.BlockCount;
        for (long next = extent.DiskBlock; next < end;)
        {
            long change = Shared.NextChange(next, end);
            int references = Shared.CountOf(next);
            if (references > 1)
                Shared.Set(next, change - next, references - 1);
            else
                FreeDiskBlocks(next, change - next);
            LogRefcounts(GroupOf(next));
            next = change;
        }
    }

    private void DropCopyOnWrite(InodeId inode)
    {
        if (_xfsInodes[inode.Index].CopyOnWrite.Count == 0)
            return;
        ref XfsInode xfs = ref MutableXfsInode(inode);
        while (xfs.CopyOnWrite.TryFindAtOrAfter(0, out Extent copy))
        {
            xfs.CopyOnWrite.Remove(copy.FileBlock, copy.FileEnd, Owner);
            MutableInode(inode).AllocatedBlocks -= copy.BlockCount;
            if (copy.IsDelayed)
                _delayedBlocks -= copy.BlockCount;
            else
                FreeDiskBlocks(copy.DiskBlock, copy.BlockCount);
        }
    }

    /// <summary>At unmount, and in a snapshot's copy, whatever no write has claimed goes back.</summary>
    private void DropAllCopyOnWrite()
    {
        if (_shared is null)
            return;
        for (var index = 1; index < _xfsInodes.Length; index++)
            DropCopyOnWrite(new InodeId(index));
    }
}
