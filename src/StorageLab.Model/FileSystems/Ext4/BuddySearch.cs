using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>How mballoc looks for free blocks inside one group: through buddies, the aligned power-of-two pieces that every free run falls into.</summary>
/// <remarks>Source: fs/ext4/mballoc.c at 6.1. Positions are blocks within the group.</remarks>
internal static class BuddySearch
{
    /// <summary>Largest buddy, 8,192 blocks of 4 KiB.</summary>
    [ModelConstant(ModelPart.Ext4, "order of two", "Linux fs/ext4/mballoc.h: MB_NUM_ORDERS")]
    public const int OrderMax = 13;

    /// <summary>Free pieces looked at before the best so far is taken.</summary>
    [ModelConstant(ModelPart.Ext4, "pieces", "Linux fs/ext4/mballoc.h: MB_DEFAULT_MAX_TO_SCAN")]
    private const int ScanCountMax = 200;

    /// <summary>Pieces looked at before one that is large enough is taken.</summary>
    [ModelConstant(ModelPart.Ext4, "pieces", "Linux fs/ext4/mballoc.h: MB_DEFAULT_MIN_TO_SCAN")]
    private const int ScanCountMin = 10;

    /// <summary>ext4_mb_simple_scan_group: the first piece of the smallest order that suffices.</summary>
    public static bool TryFindBuddy(ReadOnlySpan<ulong> bitmap, int order, out int start)
    {
        start = -1;
        int bestOrder = OrderMax + 1;
        for (int from = BlockGroups.NextAvailable(bitmap, 0); from < Ext4Geometry.BlocksPerGroup;)
        {
            int end = BlockGroups.NextTaken(bitmap, from);
            for (int piece = from; piece < end && end - piece >= 1 << order;)
            {
                int pieceOrder = OrderAt(piece, from, end);
                if (pieceOrder >= order && pieceOrder < bestOrder)
                {
                    bestOrder = pieceOrder;
                    start = piece;
                    if (pieceOrder == order)
                        return true;
                }

                piece += 1 << pieceOrder;
            }

            from = BlockGroups.NextAvailable(bitmap, end);
        }

        return start >= 0;
    }

    /// <summary>ext4_mb_scan_aligned: the first stripe-aligned free piece of at least a stripe.</summary>
    /// <param name="firstBlock">The group's first block, from which alignment is counted on the device.</param>
    public static bool TryFindAligned(ReadOnlySpan<ulong> bitmap, long firstBlock, int stripe, int wanted, out FreePiece piece)
    {
        var at = (int)((stripe - (firstBlock % stripe)) % stripe);
        for (; at < Ext4Geometry.BlocksPerGroup; at += stripe)
        {
            int start = BlockGroups.NextAvailable(bitmap, at);
            if (start > at)
            {
                at += (start - at - 1) / stripe * stripe;
                continue;
            }

            int end = BlockGroups.NextTaken(bitmap, at);
            if (end - at < stripe)
                continue;
            piece = new FreePiece(at, Math.Min(wanted, Extend(at, BlockGroups.RunStart(bitmap, at), end, stripe)));
            return true;
        }

        piece = default;
        return false;
    }

    /// <summary>ext4_mb_complex_scan_group: the piece that fits best among the first ones seen.</summary>
    /// <param name="best">The best piece of earlier groups; replaced when this group has a better one.</param>
    /// <returns>Whether a piece of at least <paramref name="wanted"/> blocks was settled on.</returns>
    public static bool Scan(ReadOnlySpan<ulong> bitmap, int wanted, ref FreePiece best, ref int scannedCount)
    {
        var isBestHere = false;
        int from = BlockGroups.NextAvailable(bitmap, 0);
        while (from < Ext4Geometry.BlocksPerGroup)
        {
            int end = BlockGroups.NextTaken(bitmap, from);
            for (int at = from; at < end;)
            {
                FreePiece piece = new(at, Extend(at, from, end, wanted));
                scannedCount++;
                if (piece.BlockCount == wanted || IsBetter(piece.BlockCount, best.BlockCount, wanted))
                {
                    best = piece;
                    isBestHere = true;
                    if (piece.BlockCount == wanted)
                        return true;
                }

                if (scannedCount > ScanCountMax)
                    return isBestHere && best.BlockCount >= wanted;
                if (isBestHere && best.BlockCount >= wanted && scannedCount > ScanCountMin)
                    return true;
                at += piece.BlockCount;
            }

            from = BlockGroups.NextAvailable(bitmap, end);
        }

        return isBestHere && best.BlockCount >= wanted;
    }

    /// <summary>Free runs in a group: bb_fragments.</summary>
    public static int CountFragments(ReadOnlySpan<ulong> bitmap)
    {
        var count = 0;
        for (int from = BlockGroups.NextAvailable(bitmap, 0); from < Ext4Geometry.BlocksPerGroup; count++)
            from = BlockGroups.NextAvailable(bitmap, BlockGroups.NextTaken(bitmap, from));
        return count;
    }

    private static bool IsBetter(int found, int best, int wanted) => best < wanted ? found > best : found >= wanted && found < best;

    /// <summary>mb_find_extent: whole buddies from a block on until enough, within the free run <c>[from, end)</c>.</summary>
    private static int Extend(int at, int from, int end, int wanted)
    {
        int order = OrderAt(at, from, end);
        int next = (at & ~((1 << order) - 1)) + (1 << order);
        while (next - at < wanted && next < end)
            next += 1 << OrderAt(next, from, end);
        return next - at;
    }

    /// <summary>Order of the buddy that holds a block of the free run <c>[from, end)</c>.</summary>
    private static int OrderAt(int block, int from, int end)
    {
        var order = 0;
        while (order < OrderMax)
        {
            int size = 2 << order;
            int start = block & ~(size - 1);
            if (start < from || start + size > end)
                break;
            order++;
        }

        return order;
    }
}
