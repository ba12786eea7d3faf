using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>mballoc's choice of a run of blocks: at the goal, else by buddies, else by best fit, group after group from the goal's.</summary>
/// <remarks>Source: fs/ext4/mballoc.c at 6.1, ext4_mb_regular_allocator. Exact powers of two
/// go to the goal's group, then, with mb_optimize_scan, to groups whose bitmaps are in memory; all else by group number.
/// What it returns is taken in the bitmaps but not yet counted as allocated.</remarks>
internal sealed class BlockAllocator(Ext4Geometry geometry, BlockGroups groups, LoadedGroups? loaded)
{
    /// <summary>Requests of at least this order go by buddies.</summary>
    [ModelConstant(ModelPart.Ext4, "order of two", "Linux fs/ext4/mballoc.h: MB_DEFAULT_ORDER2_REQS")]
    private const int BuddyOrderMin = 1;

    private const int CriterionExactBuddy = 0;
    private const int CriterionLikelyFit = 1;
    private const int CriterionEnoughFree = 2;
    private const int CriterionAnything = 3;

    /// <summary>s_mb_last_group and s_mb_last_start.</summary>
    private long _streamGoal;

    /// <summary>Finds and takes a run; of at least one block, at most the wanted ones.</summary>
    /// <returns>False when no block is available.</returns>
    public bool TryTake(in AllocationRequest request, out long block, out int blockCount)
    {
        blockCount = request.BlockCount;
        if (request.TriesGoal && TryGoal(request, out block))
            return true;
        int order = OrderOf(request.BlockCount);
        int firstGroup = Ext4Geometry.GroupOf(request.IsStream ? _streamGoal : request.Goal);
        FreePiece best = default;
        var bestGroup = 0;
        for (int criterion = order > 0 ? CriterionExactBuddy : CriterionLikelyFit; criterion <= CriterionAnything; criterion++)
        {
            var scannedCount = 0;
            LoadedGroups? candidates = criterion == CriterionExactBuddy ? loaded : null;
            int candidateCount = candidates is null ? geometry.GroupCount : candidates.Count + 1;
            for (var i = 0; i < candidateCount; i++)
            {
                int group = candidates is not null && i > 0 ? candidates[i - 1] : (firstGroup + i) % geometry.GroupCount;
                if (!IsWorthScanning(group, criterion, request))
                    continue;
                FreePiece before = best;
                bool found = Scan(group, criterion, order, request, ref best, ref scannedCount);
                if (best != before)
                    bestGroup = group;
                if (found)
                    return Use(request, bestGroup, best, out block, out blockCount);
            }
        }

        block = 0;
        return best.BlockCount > 0 && Use(request, bestGroup, best, out block, out blockCount);
    }

    /// <summary>The order of an exact power of two that goes by buddies; 0 for any other length.</summary>
    private static int OrderOf(int blockCount)
    {
        int order = int.Log2(blockCount);
        return int.IsPow2(blockCount) && order >= BuddyOrderMin && order <= BuddySearch.OrderMax ? order : 0;
    }

    private bool TryGoal(in AllocationRequest request, out long block)
    {
        block = request.Goal;
        int group = Ext4Geometry.GroupOf(request.Goal);
        if (group >= geometry.GroupCount || groups.AvailableCountOf(group) < request.BlockCount)
            return false;
        var start = (int)(request.Goal - Ext4Geometry.FirstBlockOf(group));
        ReadOnlySpan<ulong> bitmap = groups.BitmapOf(group);
        if (BlockGroups.NextAvailable(bitmap, start) != start || BlockGroups.NextTaken(bitmap, start) - start < request.BlockCount)
            return false;
        Use(request, group, new FreePiece(start, request.BlockCount), out block, out _);
        return true;
    }

    /// <summary>ext4_mb_good_group.</summary>
    private bool IsWorthScanning(int group, int criterion, in AllocationRequest request)
    {
        int available = groups.AvailableCountOf(group);
        if (available == 0)
            return false;
        return criterion switch
        {
            CriterionExactBuddy => available >= request.BlockCount && !(request.IsFileData && group % Ext4Geometry.GroupsPerFlex == 0),
            CriterionLikelyFit => request.BlockCount == 1
                || (available >= request.BlockCount && available / BuddySearch.CountFragments(groups.BitmapOf(group)) >= request.BlockCount),
            CriterionEnoughFree => available >= request.BlockCount,
            _ => true,
        };
    }

    private bool Scan(int group, int criterion, int order, in AllocationRequest request, ref FreePiece best, ref int scannedCount)
    {
        ReadOnlySpan<ulong> bitmap = groups.BitmapOf(group);
        if (criterion == CriterionExactBuddy)
        {
            if (groups.OrderMaxOf(group) < order)
                return false;
            if (!BuddySearch.TryFindBuddy(bitmap, order, out int start))
            {
                groups.NoteNoBuddy(group, order);
                return false;
            }

            best = new FreePiece(start, request.BlockCount);
            return true;
        }

        int stripe = geometry.StripeBlockCount;
        if (criterion != CriterionLikelyFit || stripe == 0 || request.BlockCount % stripe != 0)
            return BuddySearch.Scan(bitmap, request.BlockCount, ref best, ref scannedCount);
        if (!BuddySearch.TryFindAligned(bitmap, Ext4Geometry.FirstBlockOf(group), stripe, request.BlockCount, out FreePiece piece))
            return false;
        best = piece;
        return true;
    }

    private bool Use(in AllocationRequest request, int group, in FreePiece piece, out long block, out int blockCount)
    {
        block = Ext4Geometry.FirstBlockOf(group) + piece.Start;
        blockCount = Math.Min(piece.BlockCount, request.BlockCount);
        groups.Take(block, blockCount);
        loaded?.Add(group);
        if (request.IsStream)
            _streamGoal = block;
        return true;
    }
}
