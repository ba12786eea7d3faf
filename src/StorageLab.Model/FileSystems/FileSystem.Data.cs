using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems;

/// <content>Data: write, read, truncate, punch, write back.</content>
public abstract partial class FileSystem
{
    /// <summary>Files whose data the flusher hands down before a thin pool's worker gets the processor, which then takes what waits in the order of the device.
    /// It decides how well the pool's mapping trees are filled, by a block in a hundred.</summary>
    [ModelConstant(
        ModelPart.FileSystem, "files",
        "assumption: a slice of processor time; order from Linux drivers/md/dm-thin.c: sort_cells, number by the metadata blocks of recorded runs S7-1-*, S6-*")]
    private const int FilesPerTurn = 100;

    private readonly List<(Extent Extent, InodeId File)> _queue = [];
    private bool _isQueueing;

    public FsStatus Write(InodeId file, long offsetBytes, long lengthBytes)
    {
        FsStatus status = CheckFile(file, offsetBytes, lengthBytes);
        if (status != FsStatus.Ok || lengthBytes == 0)
            return status;
        PassTime();
        long end = offsetBytes + lengthBytes;
        long from = offsetBytes / BlockBytes;
        long to = (end + BlockBytes - 1) / BlockBytes;
        status = ReadPartialBlocks(file, offsetBytes, end);
        if (status == FsStatus.Ok)
            status = PrepareWrite(file, from, to);
        if (status != FsStatus.Ok)
            return status;
        bool grows = end > InodeAt(file).SizeBytes;
        if (grows)
        {
            MutableInode(file).SizeBytes = end;
            _changedMaps.Add(file.Index);
        }

        MarkDirty(file, from, to);
        LogWrite(file, grows);
        return Cache.DirtyBlocks * BlockBytes > BackgroundDirtyBytes ? WriteBackAll() : FsStatus.Ok;
    }

    public FsStatus Read(InodeId file, long offsetBytes, long lengthBytes)
    {
        if (InodeAt(file).Kind == InodeKind.Directory)
            return FsStatus.IsDirectory;
        long end = Math.Min(offsetBytes + lengthBytes, InodeAt(file).SizeBytes);
        return end > offsetBytes ? ReadBlocks(file, offsetBytes / BlockBytes, (end + BlockBytes - 1) / BlockBytes) : FsStatus.Ok;
    }

    public IEnumerable<FileRun> MapFile(InodeId file)
    {
        for (long next = 0; InodeAt(file).Extents.TryFindAtOrAfter(next, out Extent extent); next = extent.FileEnd)
        {
            if (!extent.IsDelayed)
                yield return new FileRun(extent.FileBlock * BlockBytes, extent.DiskBlock * BlockBytes, extent.BlockCount * BlockBytes);
        }
    }

    public FsStatus Truncate(InodeId file, long sizeBytes)
    {
        FsStatus status = CheckFile(file, sizeBytes, 0);
        if (status != FsStatus.Ok)
            return status;
        long oldBytes = InodeAt(file).SizeBytes;
        status = ZeroPartialBlock(file, Math.Min(oldBytes, sizeBytes));
        if (status != FsStatus.Ok)
            return status;
        if (sizeBytes < oldBytes)
        {
            long firstFreed = (sizeBytes + BlockBytes - 1) / BlockBytes;
            Cache.Drop(file, firstFreed, long.MaxValue);
            FreeRange(file, firstFreed, long.MaxValue);
        }

        MutableInode(file).SizeBytes = sizeBytes;
        _changedMaps.Add(file.Index);
        LogInode(file);
        return FsStatus.Ok;
    }

    /// <inheritdoc/>
    /// <remarks>Dirty pages in the range are written first (fs/xfs/xfs_bmap_util.c, xfs_flush_unmap_range; fs/ext4/inode.c, ext4_punch_hole).</remarks>
    public virtual FsStatus PunchHole(InodeId file, long offsetBytes, long lengthBytes)
    {
        FsStatus status = CheckFile(file, offsetBytes, lengthBytes);
        if (status != FsStatus.Ok || lengthBytes == 0)
            return status;
        long end = offsetBytes + lengthBytes;
        status = WriteBack(file, offsetBytes / BlockBytes, (end + BlockBytes - 1) / BlockBytes);
        long from = (offsetBytes + BlockBytes - 1) / BlockBytes;
        long to = end / BlockBytes;
        if (status == FsStatus.Ok)
            status = ZeroPartialBlock(file, offsetBytes);
        if (status == FsStatus.Ok && to >= from)
            status = ZeroPartialBlock(file, end);
        if (status != FsStatus.Ok || to <= from)
            return status;
        Cache.Drop(file, from, to);
        FreeRange(file, from, to);
        LogInode(file);
        return FsStatus.Ok;
    }

    /// <inheritdoc/>
    public virtual FsStatus Reflink(InodeId source, InodeId target) => FsStatus.NotSupported;

    /// <summary>Sets aside blocks for the parts of <c>[from, to)</c> that have none; xfs also for shared ones. On failure nothing is set aside.</summary>
    private protected virtual FsStatus PrepareWrite(InodeId file, long from, long to)
    {
        long next = from;
        while (next < to)
        {
            bool found = InodeAt(file).Extents.TryFindAtOrAfter(next, out Extent present) && present.FileBlock < to;
            long gapEnd = found ? present.FileBlock : to;
            if (gapEnd > next)
            {
                FsStatus status = AddDelayed(file, next, gapEnd);
                if (status != FsStatus.Ok)
                    return status;
            }

            next = found ? Math.Max(gapEnd, present.FileEnd) : to;
        }

        return FsStatus.Ok;
    }

    /// <summary>Logs what a write changes in the inode at once: its times, and its size if it grows.</summary>
    private protected virtual void LogWrite(InodeId file, bool grows) => LogInode(file);

    /// <summary>Puts a delayed extent into a hole.</summary>
    private protected FsStatus AddDelayed(InodeId file, long from, long to)
    {
        FsStatus status = ReserveDelayed(file, to - from);
        if (status != FsStatus.Ok)
            return status;
        ref Inode record = ref MutableInode(file);
        record.Extents.Insert(new Extent(from, Extent.Delayed, to - from), _owner, ExtentBlockCountMax);
        record.AllocatedBlocks += to - from;
        return FsStatus.Ok;
    }

    /// <summary>Finds where a dirty block of a file goes, choosing the place if it has none yet.</summary>
    private protected virtual FsStatus MapForWriteBack(InodeId file, long fileBlock, out Extent extent)
    {
        if (!InodeAt(file).Extents.TryFind(fileBlock, out extent))
            throw new InvalidOperationException("a dirty block has neither a place nor a reservation");
        if (!extent.IsDelayed)
            return FsStatus.Ok;
        FsStatus status = PlaceDelayed(file, extent, fileBlock);
        _changedMaps.Add(file.Index);
        if (status == FsStatus.Ok)
            InodeAt(file).Extents.TryFind(fileBlock, out extent);
        return status;
    }

    /// <summary>Tells the format that a run of a file has been written where <see cref="MapForWriteBack"/> said.</summary>
    private protected virtual void CompleteWriteBack(InodeId file, in Extent written)
    {
    }

    /// <summary>Writes the dirty blocks of a file in <c>[from, to)</c>; returns the first error and gives up the pages that met it.</summary>
    private protected FsStatus WriteBack(InodeId file, long from, long to)
    {
        FsStatus result = FsStatus.Ok;
        while (Cache.TryFirstDirtyRange(file, from, to, out Extent range))
        {
            FsStatus status = Fault == FsStatus.Ok ? WriteBackFirst(file, ref range) : Fault;
            if (status != FsStatus.Ok)
            {
                GiveUpDelayed(file, range.FileBlock, range.FileEnd);
                result = result == FsStatus.Ok ? status : result;
            }

            Cache.MarkClean(file, range.FileBlock, range.FileEnd);
        }

        return result;
    }

    /// <summary>Writes all dirty data, the longest dirty file first.</summary>
    private protected virtual FsStatus WriteBackAll() => WriteBackOlderThan(long.MaxValue);

    /// <summary>Writes the data of files that became dirty by a moment. Places are chosen in the order of the files; what has a place waits for its turn in
    /// the order of the device.</summary>
    private FsStatus WriteBackOlderThan(long nanoseconds)
    {
        FsStatus result = FsStatus.Ok;
        var fileCount = 0;
        _isQueueing = true;
        while (Cache.TryFirstDirty(out InodeId file, out long sinceNanoseconds) && sinceNanoseconds <= nanoseconds)
        {
            FsStatus status = WriteBack(file, 0, long.MaxValue);
            result = result == FsStatus.Ok ? status : result;
            if (++fileCount % FilesPerTurn == 0)
                result = WriteQueue(result);
        }

        _isQueueing = false;
        return WriteQueue(result);
    }

    /// <summary>Takes <c>[from, to)</c> out of the inode: reservations are returned, blocks freed.</summary>
    private protected void FreeRange(InodeId file, long from, long to)
    {
        ref Inode record = ref MutableInode(file);
        while (record.Extents.TryFindAtOrAfter(from, out Extent extent) && extent.FileBlock < to)
        {
            Extent part = extent.Slice(from, to);
            record.Extents.Remove(part.FileBlock, part.FileEnd, _owner);
            record.AllocatedBlocks -= part.BlockCount;
            if (part.IsDelayed)
                UnreserveDelayed(file, part.BlockCount);
            else
                FreeBlocks(file, part);
        }
    }

    private void FreeAllBlocks(InodeId inode)
    {
        Cache.Drop(inode, 0, long.MaxValue);
        FreeRange(inode, 0, long.MaxValue);
    }

    /// <summary>Writes the head of a dirty range, as far as it lies in one run on the device, and shortens the range to what was written.</summary>
    private FsStatus WriteBackFirst(InodeId file, ref Extent range)
    {
        FsStatus status = MapForWriteBack(file, range.FileBlock, out Extent extent);
        if (status != FsStatus.Ok)
            return status;
        Extent written = extent.Slice(range.FileBlock, range.FileEnd);
        range = range with { BlockCount = written.BlockCount };
        if (!_isQueueing)
            return WriteOut(file, written);
        _queue.Add((written, file));
        return FsStatus.Ok;
    }

    /// <returns>The status given, or the first error of the queue after an Ok.</returns>
    private FsStatus WriteQueue(FsStatus result)
    {
        _queue.Sort(static (left, right) => left.Extent.DiskBlock.CompareTo(right.Extent.DiskBlock));
        foreach ((Extent extent, InodeId file) in _queue)
        {
            FsStatus status = WriteOut(file, extent);
            result = result == FsStatus.Ok ? status : result;
        }

        _queue.Clear();
        return result;
    }

    private FsStatus WriteOut(InodeId file, in Extent extent)
    {
        FsStatus status = ToFsStatus(Device.Write(extent.DiskBlock * BlockBytes, extent.BlockCount * BlockBytes));
        _hasWrittenBack = true;
        if (status == FsStatus.Ok)
            CompleteWriteBack(file, extent);
        return status;
    }

    private void GiveUpDelayed(InodeId file, long from, long to)
    {
        ref Inode record = ref MutableInode(file);
        for (long next = from; record.Extents.TryFindAtOrAfter(next, out Extent extent) && extent.FileBlock < to; next = extent.FileEnd)
        {
            if (extent.IsDelayed)
                FreeRange(file, Math.Max(from, extent.FileBlock), Math.Min(to, extent.FileEnd));
        }
    }

    private FsStatus CheckFile(InodeId file, long offsetBytes, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        if (Fault != FsStatus.Ok)
            return Fault;
        if (InodeAt(file).Kind == InodeKind.Directory)
            return FsStatus.IsDirectory;
        return offsetBytes > FileSizeBytesMax - lengthBytes ? FsStatus.FileTooLarge : FsStatus.Ok;
    }

    /// <summary>Reads the blocks that a write covers only in part and that hold data.</summary>
    private FsStatus ReadPartialBlocks(InodeId file, long offsetBytes, long endBytes)
    {
        long sizeBytes = InodeAt(file).SizeBytes;
        FsStatus status = FsStatus.Ok;
        if (offsetBytes % BlockBytes != 0 && offsetBytes < sizeBytes)
            status = ReadBlocks(file, offsetBytes / BlockBytes, offsetBytes / BlockBytes + 1);
        if (status == FsStatus.Ok && endBytes % BlockBytes != 0 && endBytes < sizeBytes)
            status = ReadBlocks(file, endBytes / BlockBytes, endBytes / BlockBytes + 1);
        return status;
    }

    /// <summary>Zeroes the rest of the block that a byte position cuts, where that block holds data.</summary>
    private FsStatus ZeroPartialBlock(InodeId file, long positionBytes)
    {
        long block = positionBytes / BlockBytes;
        if (positionBytes % BlockBytes == 0 || !InodeAt(file).Extents.TryFind(block, out _))
            return FsStatus.Ok;
        FsStatus status = ReadBlocks(file, block, block + 1);
        if (status == FsStatus.Ok)
            status = PrepareWrite(file, block, block + 1);
        if (status == FsStatus.Ok)
            MarkDirty(file, block, block + 1);
        return status;
    }

    private FsStatus ReadBlocks(InodeId file, long from, long to)
    {
        while (Cache.TryFirstUncached(file, from, to, out Extent missing))
        {
            long next = missing.FileBlock;
            while (next < missing.FileEnd && InodeAt(file).Extents.TryFindAtOrAfter(next, out Extent extent) && extent.FileBlock < missing.FileEnd)
            {
                Extent part = extent.Slice(next, missing.FileEnd);
                if (!part.IsDelayed && Device.Read(part.DiskBlock * BlockBytes, part.BlockCount * BlockBytes) != IoStatus.Ok)
                    return FsStatus.IoError;
                next = part.FileEnd;
            }

            Cache.MarkCached(file, missing.FileBlock, missing.FileEnd);
        }

        return FsStatus.Ok;
    }
}
