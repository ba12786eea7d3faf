namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>Extents freed since the log was last forced: free in the trees, but not to be used again before the free is on disk
/// (fs/xfs/xfs_extent_busy.c).</summary>
internal sealed class BusyExtents(int groupCount)
{
    private readonly PackedSet?[] _groups = new PackedSet?[groupCount];

    /// <summary>Whether the last search met a busy extent: a failed one is then worth a log force and another try.</summary>
    public bool WasInTheWay { get; set; }

    public void Add(int group, long start, long count) => (_groups[group] ??= new PackedSet()).Add(PackedSet.Pack(start, count));

    /// <summary>The busy extents of a group by their start.</summary>
    public IEnumerable<(long Start, long Count)> Of(int group)
    {
        if (_groups[group] is not { } busy)
            yield break;
        for (PackedSet.Cursor cursor = PackedSet.First; busy.IsValid(cursor); cursor = busy.Next(cursor))
            yield return (PackedSet.High(busy.KeyAt(cursor)), PackedSet.Low(busy.KeyAt(cursor)));
    }

    public void Clear()
    {
        Array.Clear(_groups);
        WasInTheWay = false;
    }

    /// <summary>Whether any part of a run is busy.</summary>
    public bool Overlaps(int group, long start, long count)
    {
        PackedSet? busy = _groups[group];
        if (busy is null)
            return false;
        PackedSet.Cursor cursor = busy.Below(PackedSet.Pack(start + count, 0));
        return busy.IsValid(cursor) && PackedSet.High(busy.KeyAt(cursor)) + PackedSet.Low(busy.KeyAt(cursor)) > start;
    }

    /// <summary>Cuts a free run down to a part that is not busy, preferring the lower one (xfs_extent_busy_trim).</summary>
    public void Trim(int group, ref long start, ref long length, in AllocationRequest request)
    {
        PackedSet? busy = _groups[group];
        if (busy is null)
            return;
        long end = start + length;
        PackedSet.Cursor cursor = busy.Below(PackedSet.Pack(start + 1, 0));
        if (!busy.IsValid(cursor))
            cursor = PackedSet.First;
        for (; busy.IsValid(cursor) && start < end; cursor = busy.Next(cursor))
        {
            long busyStart = PackedSet.High(busy.KeyAt(cursor));
            long busyEnd = busyStart + PackedSet.Low(busy.KeyAt(cursor));
            if (busyEnd <= start)
                continue;
            if (busyStart >= end)
                break;
            WasInTheWay = true;
            if (busyStart <= start)
                start = Math.Min(busyEnd, end);
            else if (busyEnd >= end || busyStart - start >= request.LengthMax)
                end = busyStart;
            else if (end - busyEnd >= request.LengthMax * 4)
                start = busyEnd;
            else if (busyStart - start >= request.LengthMin)
                end = busyStart;
            else
                end = start;
        }

        length = Math.Max(0, end - start);
    }
}
