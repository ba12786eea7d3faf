using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <content>Placing and freeing blocks.</content>
public sealed partial class Ext4FileSystem
{
    /// <summary>Files up to this size are packed together.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "Linux fs/ext4/mballoc.h: MB_DEFAULT_STREAM_THRESHOLD")]
    private const int SmallFileBlockCountMax = 16;

    /// <summary>Most blocks placed at once by write-back: 8 MiB.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "Linux fs/ext4/inode.c: MAX_WRITEPAGES_EXTENT_LEN")]
    private const int WriteBackBlockCountMax = 2048;

    /// <summary>Smallest window that is set aside around a write: 16 KiB.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "Linux fs/ext4/mballoc.c: ext4_mb_normalize_request")]
    private const int WindowBlockCountMin = (16 << 10) / Ext4Geometry.BlockBytes;

    /// <summary>Up to this size the window is the whole file, rounded up: 1 MiB; beyond it windows grow by the size to eight times this.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "Linux fs/ext4/mballoc.c: ext4_mb_normalize_request")]
    private const int WholeFileBlockCountMax = (1 << 20) / Ext4Geometry.BlockBytes;

    private protected override FsStatus ReserveDelayed(InodeId file, long blockCount)
    {
        if (!HasFree(blockCount, fromReserve: false))
            return FsStatus.NoSpace;
        _delayedBlockCount += blockCount;
        return FsStatus.Ok;
    }

    private protected override void UnreserveDelayed(InodeId file, long blockCount) => _delayedBlockCount -= blockCount;

    /// <inheritdoc/>
    /// <remarks>fs/ext4/mballoc.c, ext4_mb_group_or_file: small files from the common pieces; the last part of a closed file as it is; anything else
    /// in a window that leaves room for what the file may write next.</remarks>
    private protected override FsStatus PlaceDelayed(InodeId file, in Extent delayed, long fileBlock)
    {
        CommitIfFull();
        var wanted = (int)Math.Min(delayed.FileEnd - fileBlock, WriteBackBlockCountMax);
        long sizeBlocks = (InodeAt(file).SizeBytes + Ext4Geometry.BlockBytes - 1) / Ext4Geometry.BlockBytes;
        long goal = DataGoalOf(file, fileBlock);
        bool placed;
        Extent run;
        if (Preallocations.TryTakeFromInode(file.Index, fileBlock, wanted, out run))
            placed = true;
        else if (Math.Max(fileBlock + wanted, sizeBlocks) <= SmallFileBlockCountMax)
            placed = TryPlaceSmall(goal, fileBlock, wanted, out run);
        else if (fileBlock + wanted == sizeBlocks && !IsHeldOpen(file))
            placed = TryTake(new AllocationRequest(goal, wanted, IsFileData: true), fileBlock, out run);
        else
            placed = TryPlaceInWindow(file, goal, fileBlock, wanted, sizeBlocks, out run);
        if (!placed)
            return FsStatus.NoSpace;
        ref Inode record = ref MutableInode(file);
        record.Extents.Remove(run.FileBlock, run.FileEnd, Owner);
        record.Extents.Insert(run, Owner, LongestExtentBlockCount);
        _delayedBlockCount -= run.BlockCount;
        CountAllocated(run);
        TouchTree(file, run.FileBlock);
        LogInode(file);
        return FsStatus.Ok;
    }

    private protected override void FreeBlocks(InodeId file, in Extent extent)
    {
        bool isMetadata = InodeAt(file).Kind != InodeKind.File;
        Preallocations.Discard(file.Index);
        Free(extent);
        for (long block = extent.DiskBlock; isMetadata && block < extent.DiskBlock + extent.BlockCount; block++)
            Journal.Revoke(block);
        TouchTree(file, extent.FileBlock);
        LogInode(file);
    }

    private protected override FsStatus TrimFormat(out long trimmedBytes)
    {
        trimmedBytes = 0;
        var lengthMin = (int)Math.Max(1, Device.Limits.DiscardGranularityBytes / Ext4Geometry.BlockBytes);
        for (var group = 0; group < _geometry.GroupCount; group++)
        {
            // A group trimmed since its last free is skipped (EXT4_MB_GRP_WAS_TRIMMED).
            if (_trimmedGroups[group] || _groups.AvailableCountOf(group) < lengthMin)
                continue;
            FsStatus status = TrimGroup(group, lengthMin, ref trimmedBytes);
            if (status != FsStatus.Ok)
                return status;
            _trimmedGroups[group] = true;
        }

        return FsStatus.Ok;
    }

    private FsStatus TrimGroup(int group, int lengthMin, ref long trimmedBytes)
    {
        ReadOnlySpan<ulong> bitmap = _groups.BitmapOf(group);
        for (int from = BlockGroups.NextAvailable(bitmap, 0); from < Ext4Geometry.BlocksPerGroup;)
        {
            int end = BlockGroups.NextTaken(bitmap, from);
            if (end - from >= lengthMin)
            {
                long lengthBytes = (long)(end - from) * Ext4Geometry.BlockBytes;
                IoStatus status = Device.Discard((Ext4Geometry.FirstBlockOf(group) + from) * Ext4Geometry.BlockBytes, lengthBytes);
                if (status != IoStatus.Ok)
                    return ToFsStatus(status);
                trimmedBytes += lengthBytes;
            }

            from = BlockGroups.NextAvailable(bitmap, end);
        }

        return FsStatus.Ok;
    }

    /// <summary>ext4_has_free_clusters for root, who may use its reserve but not the metadata's.</summary>
    private bool HasFree(long blockCount, bool fromReserve) =>
        _groups.FreeCount - _delayedBlockCount >= blockCount + (fromReserve ? 0 : MetadataReserveBlockCount);

    /// <summary>Whether a file is open for writing as far as the model can know.</summary>
    private bool IsHeldOpen(InodeId file) => (_isSyncing && file.Index == _syncedFile) || _inodes[file.Index].FsyncCount > 1;

    /// <summary>Where an inode's first block should go: the first group of its flex group, for files the second
    /// (fs/ext4/balloc.c, ext4_inode_to_goal_block).</summary>
    private long GoalOf(InodeId inode)
    {
        int group = _geometry.GroupOfInode(InodeAt(inode).DiskNumber);
        group -= group % Ext4Geometry.GroupsPerFlex;
        bool isFile = InodeAt(inode).Kind == InodeKind.File && group + 1 < _geometry.GroupCount;
        return Ext4Geometry.FirstBlockOf(isFile ? group + 1 : group);
    }

    /// <summary>Where a block of a file should go: as far from its nearest neighbour on the disk as in the file (fs/ext4/extents.c, ext4_ext_find_goal).</summary>
    private long DataGoalOf(InodeId file, long fileBlock)
    {
        if (TryFindPlaced(file, fileBlock, before: true, out Extent left))
            return Math.Min(left.DiskBlock + (fileBlock - left.FileBlock), _geometry.BlockCount - 1);
        if (TryFindPlaced(file, fileBlock, before: false, out Extent right) && right.DiskBlock > right.FileBlock - fileBlock)
            return right.DiskBlock - (right.FileBlock - fileBlock);
        return GoalOf(file);
    }

    private bool TryFindPlaced(InodeId file, long fileBlock, bool before, out Extent extent)
    {
        ref readonly FileExtents extents = ref InodeAt(file).Extents;
        if (before)
        {
            while (extents.TryFindBefore(fileBlock, out extent) && extent.IsDelayed)
                fileBlock = extent.FileBlock;
            return extent.BlockCount > 0 && extent.FileBlock < fileBlock;
        }

        while (extents.TryFindAtOrAfter(fileBlock, out extent) && extent.IsDelayed)
            fileBlock = extent.FileEnd;
        return extent.BlockCount > 0 && !extent.IsDelayed;
    }

    private bool TryPlaceSmall(long goal, long fileBlock, int wanted, out Extent run)
    {
        run = default;
        if (!Preallocations.TryTakeFromPiece(goal, wanted, out long block))
        {
            if (!TryTake(new AllocationRequest(goal, Preallocations.NewPieceBlockCount, IsFileData: true), fileBlock, out Extent piece))
                return false;
            Preallocations.AddPiece(piece.DiskBlock, (int)piece.BlockCount);
            wanted = (int)Math.Min(wanted, piece.BlockCount);
            Preallocations.TryTakeFromPiece(goal, wanted, out block);
        }

        run = new Extent(fileBlock, block, wanted);
        return true;
    }

    /// <summary>ext4_mb_normalize_request: a window of a power of two, up to 8 MiB, without what the file has already; what is left of it after this
    /// write stays set aside for the file.</summary>
    private bool TryPlaceInWindow(InodeId file, long goal, long fileBlock, int wanted, long sizeBlocks, out Extent run)
    {
        WindowFor(fileBlock, wanted, Math.Max(fileBlock + wanted, sizeBlocks), out long start, out long end);
        bool hasLeft = TryFindPlaced(file, fileBlock, before: true, out Extent left);
        bool hasRight = TryFindPlaced(file, fileBlock, before: false, out Extent right);
        start = hasLeft ? Math.Max(start, left.FileEnd) : start;
        end = hasRight ? Math.Min(end, right.FileBlock) : end;
        Preallocations.Bound(file.Index, fileBlock, ref start, ref end);
        wanted = (int)Math.Min(wanted, end - fileBlock);
        var length = (int)(end - start);
        bool meetsLeft = hasLeft && left.FileEnd == start;
        bool meetsRight = hasRight && right.FileBlock == start + length && right.DiskBlock >= length;
        long at = meetsLeft ? left.DiskBlock + left.BlockCount : meetsRight ? right.DiskBlock - length : goal;
        if (!TryTake(new AllocationRequest(at, length, IsFileData: true, meetsLeft || meetsRight, IsStream: true), start, out run))
            return false;
        if (run.BlockCount < length)
            run = FitShortRun(run, start, end, fileBlock, wanted);
        Extent used = run.Slice(fileBlock, fileBlock + wanted);
        if (run.FileBlock < used.FileBlock)
            Preallocations.AddToInode(file.Index, run.Slice(run.FileBlock, used.FileBlock));
        if (run.FileEnd > used.FileEnd)
            Preallocations.AddToInode(file.Index, run.Slice(used.FileEnd, run.FileEnd));
        run = used;
        return true;
    }

    /// <summary>ext4_mb_new_inode_pa: a run shorter than its window is laid so that it covers the blocks asked for.</summary>
    private static Extent FitShortRun(in Extent run, long start, long end, long fileBlock, int wanted)
    {
        if (run.BlockCount <= wanted)
            return run with { FileBlock = fileBlock };
        long before = Math.Min(fileBlock - start, run.BlockCount - wanted);
        long misaligned = fileBlock % run.BlockCount;
        if (misaligned > 0 && misaligned < before)
            before = misaligned;
        before = Math.Max(before, fileBlock + run.BlockCount - end);
        return run with { FileBlock = fileBlock - before };
    }

    /// <summary>The window by the size of the file, in file blocks.</summary>
    private static void WindowFor(long fileBlock, int wanted, long sizeBlocks, out long start, out long end)
    {
        long window = sizeBlocks switch
        {
            <= WholeFileBlockCountMax => 0,
            <= WholeFileBlockCountMax * 4 => WholeFileBlockCountMax * 2,
            <= WholeFileBlockCountMax * 8 => WholeFileBlockCountMax * 4,
            _ => WholeFileBlockCountMax * 8,
        };
        if (window == 0)
        {
            start = 0;
            end = WindowBlockCountMin;
            while (end < sizeBlocks)
                end *= 2;
            return;
        }

        start = fileBlock / window * window;
        end = start + window;
        if (end < fileBlock + wanted)
            end = fileBlock + wanted;
    }

    /// <summary>Takes a run for a file; when nothing is available, gives up what is only set aside and waits for freed blocks to be committed.</summary>
    private bool TryTake(in AllocationRequest request, long fileBlock, out Extent run)
    {
        bool taken = Allocator.TryTake(request, out long block, out int blockCount);
        if (!taken)
        {
            Preallocations.DiscardAll();
            WriteTransaction();
            taken = Allocator.TryTake(request, out block, out blockCount);
        }

        run = new Extent(fileBlock, block, blockCount);
        return taken;
    }

    private bool TryAllocateMetadata(long goal, bool fromReserve, out long block)
    {
        block = 0;
        if (!HasFree(1, fromReserve)
            || !TryTake(new AllocationRequest(Math.Min(goal, _geometry.BlockCount - 1), 1, IsFileData: false), 0, out Extent run))
            return false;
        block = run.DiskBlock;
        CountAllocated(run);
        Journal.Touch(block);
        return true;
    }

    private void FreeMetadata(long block)
    {
        Free(new Extent(0, block, 1));
        Journal.Revoke(block);
    }

    private void CountAllocated(in Extent run)
    {
        for (Extent rest = run; rest.BlockCount > 0;)
        {
            Extent part = FirstGroupOf(rest);
            _groups.CountAllocated(part.DiskBlock, (int)part.BlockCount);
            TouchGroup(Ext4Geometry.GroupOf(part.DiskBlock));
            rest = rest.Slice(part.FileEnd, rest.FileEnd);
        }
    }

    private void Free(in Extent run)
    {
        for (Extent rest = run; rest.BlockCount > 0;)
        {
            Extent part = FirstGroupOf(rest);
            _groups.CountAllocated(part.DiskBlock, -(int)part.BlockCount);
            _freed.Add(new FreedRun(part.DiskBlock, (int)part.BlockCount));
            TouchGroup(Ext4Geometry.GroupOf(part.DiskBlock));
            rest = rest.Slice(part.FileEnd, rest.FileEnd);
        }
    }

    /// <summary>The part of a run that lies in its first block group.</summary>
    private static Extent FirstGroupOf(in Extent run) =>
        run with { BlockCount = Math.Min(run.BlockCount, Ext4Geometry.BlocksPerGroup - (run.DiskBlock % Ext4Geometry.BlocksPerGroup)) };

    private void TouchGroup(int group)
    {
        Journal.Touch(_geometry.BlockBitmapOf(group));
        Journal.Touch(Ext4Geometry.DescriptorOf(group));
    }
}
