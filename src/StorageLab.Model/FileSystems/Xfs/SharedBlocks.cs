namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>Runs of disk blocks that more than one file holds, with their reference counts: the refcount tree. Blocks of one owner are not in it.</summary>
/// <remarks>Immutable runs in one sorted list; a change costs a binary search and a move of the runs behind it.</remarks>
internal sealed class SharedBlocks
{
    private readonly List<Run> _runs;

    public SharedBlocks(object owner)
    {
        Owner = owner;
        _runs = [];
    }

    private SharedBlocks(SharedBlocks original, object owner)
    {
        Owner = owner;
        _runs = [.. original._runs];
        FurtherBlockCount = original.FurtherBlockCount;
    }

    public object Owner { get; }

    /// <summary>References beyond the first of all shared blocks.</summary>
    public long FurtherBlockCount { get; private set; }

    public SharedBlocks CopyFor(object owner) => new(this, owner);

    /// <summary>References to a block: 1 when it is not shared.</summary>
    public int CountOf(long block)
    {
        int index = IndexEndingAfter(block);
        return index < _runs.Count && _runs[index].Start <= block ? _runs[index].References : 1;
    }

    /// <summary>First block at or after <paramref name="block"/> and below <paramref name="end"/> where the reference count changes; else the end.</summary>
    public long NextChange(long block, long end)
    {
        int index = IndexEndingAfter(block);
        if (index >= _runs.Count)
            return end;
        return Math.Min(end, _runs[index].Start > block ? _runs[index].Start : _runs[index].End);
    }

    /// <summary>Changes the references of <c>[start, start + count)</c>, within which they are all equal, to a new number.</summary>
    public void Set(long start, long count, int references)
    {
        long end = start + count;
        FurtherBlockCount += (references - CountOf(start)) * count;
        int index = IndexEndingAfter(start);
        if (index < _runs.Count && _runs[index].Start < end)
        {
            Run old = _runs[index];
            _runs.RemoveAt(index);
            if (end < old.End)
                _runs.Insert(index, old with { Start = end });
            if (old.Start < start)
                _runs.Insert(index++, old with { End = start });
        }

        if (references > 1)
            _runs.Insert(index, new Run(start, end, references));
    }

    private int IndexEndingAfter(long block)
    {
        int low = 0, high = _runs.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_runs[middle].End <= block)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private readonly record struct Run(long Start, long End, int References);
}
