namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>One search for the free extent nearest to a block: struct xfs_alloc_cur and the functions on it in fs/xfs/libxfs/xfs_alloc.c (Linux 6.1).</summary>
internal ref struct NearSearch
{
    private readonly AllocationGroup _group;
    private readonly BusyExtents _busy;
    private readonly AllocationRequest _request;
    private long _distance;

    public NearSearch(AllocationGroup group, BusyExtents busy, in AllocationRequest request)
    {
        _group = group;
        _busy = busy;
        _request = request;
        _distance = long.MaxValue;
        Block = -1;
    }

    public long Block { get; private set; }

    public long Length { get; private set; }

    public readonly bool Found => Length > 0;

    private enum Verdict
    {
        GoOn,
        Better,
        TooFar,
    }

    /// <summary>First algorithm: all records of the last leaf of the by-size tree (xfs_alloc_ag_vextent_lastblock).</summary>
    public void LastLeaf(PackedSet.Cursor cursor)
    {
        PackedSet bySize = _group.BySize;
        for (; bySize.IsValid(cursor); cursor = bySize.Next(cursor))
        {
            Check(bySize.KeyAt(cursor));
            if (_distance == 0 && Length == _request.LengthMax)
                return;
        }
    }

    /// <summary>Second algorithm: the by-block tree to both sides and the by-size tree with growing lengths (xfs_alloc_ag_vextent_locality).</summary>
    public void ByLocality()
    {
        PackedSet byStart = _group.ByStart;
        PackedSet.Cursor right = byStart.AtOrAbove(PackedSet.Pack(_request.Target, 0));
        PackedSet.Cursor left = byStart.Previous(right);
        bool leftGoesOn = byStart.IsValid(left);
        bool rightGoesOn = byStart.IsValid(right);
        long lengthKey = _request.LengthMax;
        bool sizeGoesOn = true;
        while (leftGoesOn || rightGoesOn || sizeGoesOn)
        {
            if (leftGoesOn && Step(byStart, ref left, false, ref leftGoesOn) == Verdict.Better)
            {
                Walk(byStart, right, true, rightGoesOn);
                return;
            }

            if (rightGoesOn && Step(byStart, ref right, true, ref rightGoesOn) == Verdict.Better)
            {
                Walk(byStart, left, false, leftGoesOn);
                return;
            }

            if (sizeGoesOn)
                sizeGoesOn = CheckLength(ref lengthKey);
            if (!sizeGoesOn)
                break;
        }

        if (!Found)
            LargestFirst();
    }

    /// <summary>Looks at the records of one length that are nearest to the target, and doubles the length (xfs_alloc_cntbt_iter).</summary>
    private bool CheckLength(ref long lengthKey)
    {
        PackedSet bySize = _group.BySize;
        PackedSet.Cursor cursor = bySize.AtOrAbove(PackedSet.Pack(lengthKey, _request.Target));
        if (!bySize.IsValid(cursor))
            return false;
        ulong key = bySize.KeyAt(cursor);
        long length = PackedSet.High(key);
        Check(key);
        bool isPerfect = _distance == 0 && Length == _request.LengthMax;
        long searched = lengthKey;
        lengthKey = length;
        if (PackedSet.Low(key) > _request.Target)
        {
            PackedSet.Cursor previous = bySize.Previous(cursor);
            if (bySize.IsValid(previous) && PackedSet.High(bySize.KeyAt(previous)) == length)
                Check(bySize.KeyAt(previous));
        }

        lengthKey = !Found || lengthKey >= searched * 2 ? lengthKey + 1 : searched * 2;
        return !isPerfect;
    }

    private void LargestFirst()
    {
        PackedSet bySize = _group.BySize;
        for (PackedSet.Cursor cursor = bySize.Last(); bySize.IsValid(cursor) && !Found; cursor = bySize.Previous(cursor))
        {
            if (PackedSet.High(bySize.KeyAt(cursor)) < _request.LengthMin)
                return;
            Check(bySize.KeyAt(cursor));
        }
    }

    private void Walk(PackedSet byStart, PackedSet.Cursor cursor, bool toRight, bool goesOn)
    {
        while (goesOn && Step(byStart, ref cursor, toRight, ref goesOn) != Verdict.Better)
        {
        }
    }

    private Verdict Step(PackedSet byStart, ref PackedSet.Cursor cursor, bool toRight, ref bool goesOn)
    {
        ulong key = byStart.KeyAt(cursor);
        Verdict verdict = Check(PackedSet.Pack(PackedSet.Low(key), PackedSet.High(key)));
        if (verdict == Verdict.TooFar)
        {
            goesOn = false;
            return verdict;
        }

        cursor = toRight ? byStart.Next(cursor) : byStart.Previous(cursor);
        goesOn = byStart.IsValid(cursor);
        return verdict;
    }

    /// <summary>Weighs one free extent against the best so far (xfs_alloc_cur_check).</summary>
    private Verdict Check(ulong sizeKey)
    {
        if (PackedSet.High(sizeKey) < _request.LengthMin)
            return Verdict.GoOn;
        (long start, long length) = BlockAllocator.Aligned(_group, _busy, _request, sizeKey);
        if (start < _request.BlockMin || start > _request.BlockMax)
            return Verdict.TooFar;
        if (length < _request.LengthMin)
            return Verdict.GoOn;
        long usable = Math.Min(length, _request.LengthMax);
        if (usable < Length || !TryDistance(start, length, usable, out long block, out long distance))
            return Verdict.GoOn;
        if (distance > _distance)
            return Verdict.TooFar;
        Block = block;
        Length = usable;
        _distance = distance;
        return Verdict.Better;
    }

    /// <summary>Best start within a free extent and its distance from the target (xfs_alloc_compute_diff).</summary>
    private readonly bool TryDistance(long freeStart, long freeLength, long wantedLength, out long block, out long distance)
    {
        long wanted = _request.Target;
        int alignment = Math.Max(1, _request.Alignment);
        long freeEnd = freeStart + freeLength;
        long wantedEnd = wanted + wantedLength;
        if (freeStart >= wanted || (_request.IsUserData && freeEnd < wantedEnd))
            block = Up(freeStart, alignment) is var first && first >= freeEnd ? -1 : first;
        else if (freeEnd >= wantedEnd)
            block = alignment > 1 ? BetterAligned(freeStart, freeEnd, wantedLength, alignment) : wanted;
        else
            block = FromEnd(freeStart, freeEnd, wantedLength, alignment);
        distance = Math.Abs(block - wanted);
        return block >= 0;
    }

    private readonly long BetterAligned(long freeStart, long freeEnd, long wantedLength, int alignment)
    {
        long after = Up(_request.Target, alignment);
        long before = after - alignment;
        if (after >= freeEnd)
            return before < freeStart ? -1 : before;
        if (before < freeStart)
            return after;
        long afterLength = Math.Min(wantedLength, freeEnd - after);
        long beforeLength = Math.Min(wantedLength, freeEnd - before);
        bool takesBefore = afterLength < beforeLength
            || (afterLength == beforeLength && after - _request.Target > _request.Target - before);
        return takesBefore ? before : after;
    }

    private static long FromEnd(long freeStart, long freeEnd, long wantedLength, int alignment)
    {
        long block = Up(freeEnd - wantedLength, alignment);
        if (block > freeEnd - wantedLength && block - alignment >= freeStart)
            return block - alignment;
        return block >= freeEnd ? -1 : block;
    }

    private static long Up(long value, int alignment) => (value + alignment - 1) / alignment * alignment;
}
