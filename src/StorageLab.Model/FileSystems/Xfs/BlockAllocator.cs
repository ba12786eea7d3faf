using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>Finds free extents within one allocation group as fs/xfs/libxfs/xfs_alloc.c of Linux 6.1 does: exactly there, near a block, or the best by size.</summary>
/// <remarks>Searches only: the caller takes the extent. Extents freed since the last log force are busy and are cut out of what is found
/// (fs/xfs/xfs_extent_busy.c).</remarks>
internal static class BlockAllocator
{
    /// <summary>Records in a leaf of a free-space tree.</summary>
    [ModelConstant(ModelPart.Xfs, "records", "Linux fs/xfs/libxfs/xfs_format.h: (4,096 - 56) / 8")]
    private const int LeafRecordCount = 505;

    /// <summary>Records in the last leaf once there are several.</summary>
    [ModelConstant(ModelPart.Xfs, "records",
        "assumption: a leaf is three quarters full on average; the shape of the tree itself is not kept")]
    private const int LastLeafRecordCount = LeafRecordCount * 3 / 4;

    /// <summary>xfs_alloc_ag_vextent_exact.</summary>
    public static void FindExact(AllocationGroup group, BusyExtents busy, ref AllocationRequest request)
    {
        long target = request.Target;
        request.Block = -1;
        PackedSet.Cursor cursor = group.ByStart.Below(PackedSet.Pack(target + 1, 0));
        if (!group.ByStart.IsValid(cursor))
            return;
        ulong key = group.ByStart.KeyAt(cursor);
        long start = PackedSet.High(key);
        long length = PackedSet.Low(key);
        busy.Trim(group.Number, ref start, ref length, request);
        long end = start + length;
        if (start > target || length < request.LengthMin || end < target + request.LengthMin)
            return;
        request.Block = target;
        request.Length = Math.Min(end, target + request.LengthMax) - target;
    }

    /// <summary>xfs_alloc_ag_vextent_near.</summary>
    public static void FindNear(AllocationGroup group, BusyExtents busy, ref AllocationRequest request)
    {
        if (request.BlockMin == 0 && request.BlockMax == 0)
            request.BlockMax = group.LengthBlocks - 1;
        request.Target = Math.Clamp(request.Target, request.BlockMin, request.BlockMax);
        NearSearch search = new(group, busy, request);
        PackedSet bySize = group.BySize;
        request.Block = -1;
        if (bySize.Count == 0)
            return;
        PackedSet.Cursor cursor = bySize.AtOrAbove(PackedSet.Pack(request.LengthMax, 0));
        bool isLarge = bySize.IsValid(cursor);
        if (!isLarge)
        {
            cursor = bySize.Last();
            if (PackedSet.High(bySize.KeyAt(cursor)) < request.LengthMin)
                return;
        }

        int leafRecords = bySize.Count <= LeafRecordCount ? bySize.Count : LastLeafRecordCount;
        if (bySize.CountFrom(cursor, leafRecords + 1) <= leafRecords)
        {
            bool fromLeafStart = !isLarge || request.Alignment > 1;
            search.LastLeaf(fromLeafStart ? StartOfLastLeaf(bySize, leafRecords, request.LengthMin) : cursor);
        }

        if (!search.Found)
            search.ByLocality();
        request.Block = search.Found ? search.Block : -1;
        request.Length = search.Length;
    }

    /// <summary>xfs_alloc_ag_vextent_size.</summary>
    public static void FindBySize(AllocationGroup group, BusyExtents busy, ref AllocationRequest request)
    {
        PackedSet bySize = group.BySize;
        request.Block = -1;
        if (bySize.Count == 0)
            return;
        PackedSet.Cursor cursor = bySize.AtOrAbove(PackedSet.Pack(request.LengthMax + request.Alignment - 1, 0));
        for (; bySize.IsValid(cursor); cursor = bySize.Next(cursor))
        {
            (long start, long length) = Aligned(group, busy, request, bySize.KeyAt(cursor));
            if (length < request.LengthMax)
                continue;
            request.Block = start;
            request.Length = request.LengthMax;
            return;
        }

        long best = 0;
        for (cursor = bySize.Last(); bySize.IsValid(cursor) && PackedSet.High(bySize.KeyAt(cursor)) >= Math.Max(best, 1); cursor = bySize.Previous(cursor))
        {
            (long start, long length) = Aligned(group, busy, request, bySize.KeyAt(cursor));
            length = Math.Min(length, request.LengthMax);
            if (length <= best || length < request.LengthMin)
                continue;
            best = length;
            request.Block = start;
            request.Length = length;
            if (length == request.LengthMax)
                return;
        }
    }

    /// <summary>What of a free extent can be used after busy parts, the lowest block and the alignment are cut off (xfs_alloc_compute_aligned).</summary>
    public static (long Start, long Length) Aligned(AllocationGroup group, BusyExtents busy, in AllocationRequest request, ulong sizeKey)
    {
        long start = PackedSet.Low(sizeKey);
        long length = PackedSet.High(sizeKey);
        busy.Trim(group.Number, ref start, ref length, request);
        if (start < request.BlockMin && start + length > request.BlockMin)
        {
            length -= request.BlockMin - start;
            start = request.BlockMin;
        }

        if (request.Alignment <= 1 || length < request.LengthMin)
            return (start, length);
        long aligned = (start + request.Alignment - 1) / request.Alignment * request.Alignment;
        return (aligned, Math.Max(0, length - (aligned - start)));
    }

    private static PackedSet.Cursor StartOfLastLeaf(PackedSet bySize, int leafRecords, long lengthMin)
    {
        PackedSet.Cursor cursor = bySize.Last();
        for (var i = 1; i < leafRecords; i++)
        {
            PackedSet.Cursor previous = bySize.Previous(cursor);
            if (PackedSet.High(bySize.KeyAt(previous)) < lengthMin)
                break;
            cursor = previous;
        }

        return cursor;
    }
}
