namespace StorageLab.Model.ThinProvisioning;

/// <summary>One block of a persistent-data B-tree: sorted keys with a value each, or with the address of a child each.</summary>
/// <remarks>
/// The arrays are as long as the tree ever needs for a leaf or an inner node; <see cref="MaxEntries"/> says how many entries the 4 KiB on
/// disk hold.
/// Source: drivers/md/persistent-data/dm-btree-internal.h, struct btree_node.
/// </remarks>
internal sealed class BTreeNode(uint[] keys, ulong[] values)
{
    public readonly uint[] Keys = keys;

    /// <summary>Values, <see cref="ValueWords"/> words each.</summary>
    public readonly ulong[] Values = values;

    public int Address;

    /// <summary>The transaction that wrote the block: only then may it be changed in place.</summary>
    public long Transaction;

    public bool IsLeaf;
    public int EntryCount;
    public int MaxEntries;
    public int ValueWords;

    private int _lastBound;

    public int FreeEntryCount => MaxEntries - EntryCount;

    public bool IsFull => EntryCount == MaxEntries;

    public int Child(int index) => (int)Values[index];

    public Span<ulong> ValuesOf(int index, int count) => Values.AsSpan(index * ValueWords, count * ValueWords);

    /// <summary>Index of the last key that is not above <paramref name="key"/>; -1 when all are.</summary>
    public int LowerBound(uint key)
    {
        ReadOnlySpan<uint> keys = Keys.AsSpan(0, EntryCount);
        // Most searches end where the one before did, or one further.
        int guess = _lastBound;
        for (var tries = 0; tries < 2 && guess < keys.Length && keys[guess] <= key; tries++, guess++)
        {
            if (guess + 1 == keys.Length || key < keys[guess + 1])
                return _lastBound = guess;
        }

        int low = -1;
        int high = keys.Length;
        while (high - low > 1)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (keys[middle] <= key)
                low = middle;
            else
                high = middle;
        }

        _lastBound = Math.Max(low, 0);
        return low;
    }

    public void CopyFrom(BTreeNode source)
    {
        IsLeaf = source.IsLeaf;
        MaxEntries = source.MaxEntries;
        ValueWords = source.ValueWords;
        EntryCount = source.EntryCount;
        source.Keys.AsSpan(0, EntryCount).CopyTo(Keys);
        source.ValuesOf(0, EntryCount).CopyTo(Values);
    }

    /// <summary>Makes this an empty node of the same kind as <paramref name="model"/>.</summary>
    public void BecomeEmptyLike(BTreeNode model)
    {
        IsLeaf = model.IsLeaf;
        MaxEntries = model.MaxEntries;
        ValueWords = model.ValueWords;
        EntryCount = 0;
    }

    public void InsertAt(int index, uint key, ReadOnlySpan<ulong> value)
    {
        int tail = EntryCount - index;
        Keys.AsSpan(index, tail).CopyTo(Keys.AsSpan(index + 1));
        ValuesOf(index, tail).CopyTo(Values.AsSpan((index + 1) * ValueWords));
        Keys[index] = key;
        value.CopyTo(Values.AsSpan(index * ValueWords, ValueWords));
        EntryCount++;
    }

    public void InsertChildAt(int index, BTreeNode child)
    {
        var address = (ulong)child.Address;
        InsertAt(index, child.Keys[0], new ReadOnlySpan<ulong>(in address));
    }

    public void DeleteAt(int index)
    {
        int tail = EntryCount - index - 1;
        Keys.AsSpan(index + 1, tail).CopyTo(Keys.AsSpan(index));
        ValuesOf(index + 1, tail).CopyTo(Values.AsSpan(index * ValueWords));
        EntryCount--;
    }

    /// <summary>
    /// Moves the last <paramref name="count"/> entries to the front of <paramref name="right"/>, or, when negative, that many of its first
    /// to this node's end.
    /// </summary>
    public void ShiftTo(BTreeNode right, int count)
    {
        if (count > 0)
        {
            right.Keys.AsSpan(0, right.EntryCount).CopyTo(right.Keys.AsSpan(count));
            right.ValuesOf(0, right.EntryCount).CopyTo(right.Values.AsSpan(count * ValueWords));
            Keys.AsSpan(EntryCount - count, count).CopyTo(right.Keys);
            ValuesOf(EntryCount - count, count).CopyTo(right.Values);
        }
        else if (count < 0)
        {
            int taken = -count;
            int rest = right.EntryCount - taken;
            right.Keys.AsSpan(0, taken).CopyTo(Keys.AsSpan(EntryCount));
            right.ValuesOf(0, taken).CopyTo(Values.AsSpan(EntryCount * ValueWords));
            right.Keys.AsSpan(taken, rest).CopyTo(right.Keys);
            right.ValuesOf(taken, rest).CopyTo(right.Values);
        }

        EntryCount -= count;
        right.EntryCount += count;
    }
}
