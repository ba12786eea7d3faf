using System.Numerics;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <content>Speculative preallocation: the delayed blocks a growing file gets beyond its end while it is open (fs/xfs/xfs_iomap.c).</content>
/// <remarks>Calls here have no open and close. A file counts as closed once it is synced, or when another file is written or the whole file system is;
/// closing gives the blocks beyond the end back (xfs_file.c, xfs_release), placed or not.</remarks>
public sealed partial class XfsFileSystem
{
    /// <summary>Least preallocation: 64 KiB; smaller files get none.</summary>
    [ModelConstant(ModelPart.Xfs, "blocks", "Linux fs/xfs/xfs_mount.h: XFS_WRITEIO_LOG_LARGE")]
    private const long TailBlocksMin = 64 * 1024 / XfsGeometry.BlockBytes;

    /// <summary>Longest piece of a write that is reserved at once.</summary>
    [ModelConstant(ModelPart.Xfs, "blocks", "Linux fs/xfs/xfs_iomap.c: xfs_buffered_write_iomap_begin (1,024 pages)")]
    private const long WritePieceBlocks = 1024;

    private InodeId _growingFile;

    public override FsStatus Fsync(InodeId inode)
    {
        FsStatus status = base.Fsync(inode);
        CloseGrowingFile();
        return status;
    }

    private protected override FsStatus WriteBackAll()
    {
        CloseGrowingFile();
        return base.WriteBackAll();
    }

    /// <summary>Reserves blocks for a write, with a tail beyond the end of file where the file grows.</summary>
    private FsStatus PrepareGrowingWrite(InodeId file, long from, long to)
    {
        if (file != _growingFile)
            CloseGrowingFile();
        long sizeBytes = InodeAt(file).SizeBytes;
        for (long next = from; next < to;)
        {
            bool found = InodeAt(file).Extents.TryFindAtOrAfter(next, out Extent present);
            if (found && present.FileBlock <= next)
            {
                next = present.FileEnd;
                continue;
            }

            long end = Math.Min(to, next + WritePieceBlocks);
            if (found)
                end = Math.Min(end, present.FileBlock);
            long grownBytes = next == from ? sizeBytes : Math.Max(sizeBytes, next * BlockBytes);
            long tailEnd = found || end * BlockBytes <= sizeBytes ? end : Math.Max(end, TailEnd(file, next, end, grownBytes));
            if (tailEnd > end && AddDelayed(file, next, tailEnd) == FsStatus.Ok)
                _growingFile = file;
            else
            {
                FsStatus status = AddDelayed(file, next, end);
                if (status != FsStatus.Ok)
                    return status;
            }

            next = end;
        }

        return FsStatus.Ok;
    }

    /// <summary>End of the reservation for a write of <c>[from, to)</c> at the end of file (xfs_iomap_prealloc_size and its caller).</summary>
    private long TailEnd(InodeId file, long from, long to, long sizeBytes)
    {
        if (sizeBytes < TailBlocksMin * BlockBytes)
            return to;
        long stripe = sizeBytes >= _geometry.StripeUnit * (long)BlockBytes ? _geometry.StripeUnit : 0;
        ref readonly FileExtents extents = ref InodeAt(file).Extents;
        long blocks = TailBlocksMin;
        if (sizeBytes >= _geometry.StripeUnit * (long)BlockBytes && extents.TryFindBefore(from, out Extent before) && before.FileEnd >= from)
            blocks = Throttle(2 * RunBefore(extents, before), from);
        long end = (to * BlockBytes - 1) / (TailBlocksMin * BlockBytes) * TailBlocksMin + blocks;
        return stripe > 0 ? (end + stripe - 1) / stripe * stripe : end;
    }

    /// <summary>Length of the run of extents that ends with <paramref name="last"/> and has no gap in the file or on the disk.</summary>
    private static long RunBefore(in FileExtents extents, Extent last)
    {
        long blocks = last.BlockCount;
        while (blocks <= ExtentBlocksMax / 2 && extents.TryFindBefore(last.FileBlock, out Extent before)
            && !before.IsDelayed && !last.IsDelayed && before.IsContinuedBy(last))
        {
            blocks += before.BlockCount;
            last = before;
        }

        return blocks;
    }

    /// <summary>Cuts a preallocation to a power of two, and down where free space is below 5, 4, 3, 2 or 1 % of the device.</summary>
    private long Throttle(long blocks, long fileBlock)
    {
        if (blocks > ExtentBlocksMax)
            blocks = fileBlock;
        blocks = Math.Min(blocks, (long)BitOperations.RoundUpToPowerOf2((ulong)ExtentBlocksMax));
        long free = Math.Max(0, AvailableBlocks);
        int shift = 0;
        for (var percent = 5; percent >= 1; percent--)
        {
            if (free < _geometry.TotalBlocks * percent / 100)
                shift += percent == 5 ? 2 : 1;
        }

        blocks >>= shift;
        if (blocks > 0)
            blocks = Math.Min(ExtentBlocksMax, 1L << BitOperations.Log2((ulong)blocks));
        while (blocks > 0 && blocks >= free)
            blocks >>= 4;
        return Math.Max(blocks, TailBlocksMin);
    }

    private void CloseGrowingFile()
    {
        InodeId file = _growingFile;
        _growingFile = default;
        if (file.IsNone || InodeAt(file).Kind != InodeKind.File)
            return;
        long end = (InodeAt(file).SizeBytes + BlockBytes - 1) / BlockBytes;
        if (!InodeAt(file).Extents.TryFindAtOrAfter(end, out _))
            return;
        FreeRange(file, end, long.MaxValue);
        LogInode(file);
    }
}
