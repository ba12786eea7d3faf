using System.Numerics;
using System.Runtime.CompilerServices;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>
/// Reference counts of the blocks of a device and the search for a free one: what a space map's bitmaps say, without the bitmaps.
/// A block may be handed out only if it is free now and was free at the last commit, so that a rolled-back transaction finds its blocks
/// untouched.
/// </summary>
/// <remarks>Source: drivers/md/persistent-data/dm-space-map-common.c, sm_ll_find_common_free_block, and dm-space-map-disk.c.</remarks>
internal sealed class ReferenceCounts
{
    private const int ChunkShift = 14;
    private const int ChunkMask = (1 << ChunkShift) - 1;

    // Counts of blocks never touched need no memory: a fresh pool's 1.6 million blocks cost a pointer per 16,384.
    private readonly int[]?[] _counts;
    private readonly ulong[] _used;
    private readonly ulong[] _usedAtCommit;
    private readonly List<int> _changed = [];
    private readonly bool _resetsCursorAtCommit;
    private int _cursor;

    public ReferenceCounts(int blockCount, bool resetsCursorAtCommit)
    {
        BlockCount = blockCount;
        _resetsCursorAtCommit = resetsCursorAtCommit;
        _counts = new int[]?[(blockCount + ChunkMask) >> ChunkShift];
        _used = new ulong[(blockCount + 63) >> 6];
        _usedAtCommit = new ulong[_used.Length];
    }

    public int BlockCount { get; }

    /// <summary>Blocks with a count above 0.</summary>
    public int UsedCount { get; private set; }

    /// <summary>Blocks that may be handed out before the next commit.</summary>
    public int AvailableCount => BlockCount - UsedCount - _freedCount;

    // Blocks that are free now but were used at the last commit.
    private int _freedCount;

    public int this[int block]
    {
        get
        {
            int[]? chunk = _counts[block >> ChunkShift];
            return chunk is null ? 0 : chunk[block & ChunkMask];
        }
    }

    /// <summary>Adds <paramref name="delta"/> (1 or -1) to a count.</summary>
    /// <returns>The count before.</returns>
    /// <exception cref="InvalidOperationException">The count would fall below 0.</exception>
    public int Add(int block, int delta)
    {
        int[]? chunk = _counts[block >> ChunkShift];
        if (chunk is null)
            _counts[block >> ChunkShift] = chunk = new int[ChunkMask + 1];
        ref int count = ref chunk[block & ChunkMask];
        int before = count;
        count = before + delta;
        if (before == 0 || count <= 0)
            ChangeUse(block, before, count);
        return before;
    }

    /// <summary>Adds <paramref name="delta"/> (1 or -1) to a count that is above <paramref name="floor"/> before and after; else does nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAddAbove(int block, int delta, int floor, out int after)
    {
        int[]? chunk = _counts[block >> ChunkShift];
        after = 0;
        if (chunk is null)
            return false;
        ref int count = ref chunk[block & ChunkMask];
        after = count + delta;
        if (Math.Min(count, after) <= floor)
            return false;
        count = after;
        return true;
    }

    /// <summary>
    /// Finds the next free block from the cursor on, on newer kernels wrapping at the end, and moves the cursor behind it.
    /// </summary>
    /// <returns>The block, or -1 when none is free.</returns>
    public int FindFree()
    {
        int found = Search(_cursor, BlockCount);
        if (found < 0 && !_resetsCursorAtCommit)
            found = Search(0, _cursor);
        if (found >= 0)
            _cursor = found + 1;
        return found;
    }

    /// <summary>Makes the blocks freed so far available.</summary>
    public void Commit()
    {
        foreach (int block in _changed)
        {
            ulong bit = 1UL << (block & 63);
            int word = block >> 6;
            _usedAtCommit[word] = (_usedAtCommit[word] & ~bit) | (_used[word] & bit);
        }

        _changed.Clear();
        _freedCount = 0;
        if (_resetsCursorAtCommit)
            _cursor = 0;
    }

    /// <summary>Starts the search at block 0 again, as a space map does that is opened.</summary>
    public void ResetCursor() => _cursor = 0;

    /// <summary>Forgets everything; counts are added anew by a walk over what the last commit left.</summary>
    public void Reset()
    {
        Array.Clear(_counts);
        Array.Clear(_used);
        Array.Clear(_usedAtCommit);
        _changed.Clear();
        _freedCount = 0;
        UsedCount = 0;
        _cursor = 0;
    }

    private void ChangeUse(int block, int before, int after)
    {
        if (after < 0)
            throw new InvalidOperationException($"the reference count of block {block} fell below 0");
        ulong bit = 1UL << (block & 63);
        int word = block >> 6;
        bool wasUsedAtCommit = (_usedAtCommit[word] & bit) != 0;
        if (before == 0)
        {
            _used[word] |= bit;
            UsedCount++;
            if (wasUsedAtCommit)
                _freedCount--;
        }
        else
        {
            _used[word] &= ~bit;
            UsedCount--;
            if (wasUsedAtCommit)
                _freedCount++;
        }

        _changed.Add(block);
    }

    private int Search(int begin, int end)
    {
        if (begin >= end)
            return -1;
        int word = begin >> 6;
        int lastWord = (end - 1) >> 6;
        ulong free = ~(_used[word] | _usedAtCommit[word]) & (ulong.MaxValue << (begin & 63));
        while (free == 0 && word < lastWord)
        {
            word++;
            free = ~(_used[word] | _usedAtCommit[word]);
        }

        if (free == 0)
            return -1;
        int found = (word << 6) + BitOperations.TrailingZeroCount(free);
        return found < end ? found : -1;
    }
}
