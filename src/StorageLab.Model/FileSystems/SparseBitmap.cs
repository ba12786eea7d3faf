using System.Numerics;
using System.Runtime.CompilerServices;

namespace StorageLab.Model.FileSystems;

/// <summary>A set of numbers from 0 up, such as blocks: bits in leaves of 4,096, sorted, of which only those that have any are kept.</summary>
/// <remarks>Cost: a range takes a step per 64 numbers and a binary search among the leaves when it lies in another one than the last.</remarks>
internal sealed class SparseBitmap
{
    private const int WordShift = 6;
    private const int WordMask = (1 << WordShift) - 1;
    private const int LeafShift = 12;
    private const int LeafMask = (1 << LeafShift) - 1;
    private const int WordsPerLeaf = 1 << (LeafShift - WordShift);

    private long[] _numbers = new long[4];
    private Leaf[] _leaves = new Leaf[4];
    private int _leafCount;
    private int _last;
    private readonly Stack<Leaf> _spare = [];

    /// <summary>Numbers in the set.</summary>
    public long Count { get; private set; }

    public bool Contains(long number)
    {
        int index = IndexOf(number >> LeafShift);
        return index < _leafCount && _numbers[index] == number >> LeafShift
            && (_leaves[index].Words[WordOf(number)] & (1UL << (int)(number & WordMask))) != 0;
    }

    /// <summary>Adds <c>[from, to)</c>.</summary>
    /// <returns>How many of it were not in the set.</returns>
    public long Add(long from, long to)
    {
        long before = Count;
        while (from < to)
        {
            long end = Math.Min(to, (from | WordMask) + 1);
            Leaf leaf = LeafFor(from >> LeafShift);
            ref ulong word = ref leaf.Words[WordOf(from)];
            ulong bits = Mask(from, end) & ~word;
            word |= bits;
            int count = BitOperations.PopCount(bits);
            leaf.Count += count;
            Count += count;
            from = end;
        }

        return Count - before;
    }

    /// <summary>Removes <c>[from, to)</c>.</summary>
    /// <returns>How many of it were in the set.</returns>
    public long Remove(long from, long to)
    {
        long before = Count;
        while (TryFirst(from, out int index, out from) && from < to)
        {
            long end = Math.Min(to, (from | WordMask) + 1);
            Leaf leaf = _leaves[index];
            ref ulong word = ref leaf.Words[WordOf(from)];
            ulong bits = Mask(from, end) & word;
            word &= ~bits;
            int count = BitOperations.PopCount(bits);
            leaf.Count -= count;
            Count -= count;
            if (leaf.Count == 0)
                RemoveLeaf(index);
            from = end;
        }

        return before - Count;
    }

    /// <summary>Removes everything. Cost: a step per leaf.</summary>
    public void Clear()
    {
        while (_leafCount > 0)
        {
            Leaf leaf = _leaves[--_leafCount];
            leaf.Clear();
            _spare.Push(leaf);
        }

        Count = 0;
    }

    /// <summary>Finds the first run of numbers in <c>[from, to)</c>; what of it lies outside is cut off.</summary>
    public bool TryFirstRun(long from, long to, out long start, out long end)
    {
        end = 0;
        if (!TryFirst(from, out int index, out start) || start >= to)
            return false;
        end = start;
        while (end < to && index < _leafCount && _numbers[index] == end >> LeafShift)
        {
            ulong absent = ~_leaves[index].Words[WordOf(end)] >> (int)(end & WordMask);
            if (absent != 0)
            {
                end += BitOperations.TrailingZeroCount(absent);
                break;
            }

            end = (end | WordMask) + 1;
            if ((end & LeafMask) == 0)
                index++;
        }

        end = Math.Min(end, to);
        return true;
    }

    private bool TryFirst(long from, out int index, out long number)
    {
        index = IndexOf(from >> LeafShift);
        number = from;
        if (index < _leafCount && _numbers[index] == from >> LeafShift)
        {
            if (_leaves[index].TryFirst((int)(from & LeafMask), out int inLeaf))
            {
                number = (_numbers[index] << LeafShift) + inLeaf;
                return true;
            }

            index++;
        }

        if (index == _leafCount)
            return false;
        _ = _leaves[index].TryFirst(0, out int first);
        number = (_numbers[index] << LeafShift) + first;
        return true;
    }

    /// <summary>Position of the first leaf whose number is not below the given one.</summary>
    private int IndexOf(long leafNumber)
    {
        if (_last < _leafCount && _numbers[_last] == leafNumber)
            return _last;
        int index = _numbers.AsSpan(0, _leafCount).BinarySearch(leafNumber);
        _last = index < 0 ? ~index : index;
        return _last;
    }

    private Leaf LeafFor(long leafNumber)
    {
        int index = IndexOf(leafNumber);
        if (index < _leafCount && _numbers[index] == leafNumber)
            return _leaves[index];
        if (_leafCount == _leaves.Length)
        {
            Array.Resize(ref _numbers, _leafCount * 2);
            Array.Resize(ref _leaves, _leafCount * 2);
        }

        Array.Copy(_numbers, index, _numbers, index + 1, _leafCount - index);
        Array.Copy(_leaves, index, _leaves, index + 1, _leafCount - index);
        Leaf leaf = _spare.Count > 0 ? _spare.Pop() : new Leaf();
        _numbers[index] = leafNumber;
        _leaves[index] = leaf;
        _leafCount++;
        return leaf;
    }

    private void RemoveLeaf(int index)
    {
        _spare.Push(_leaves[index]);
        _leafCount--;
        Array.Copy(_numbers, index + 1, _numbers, index, _leafCount - index);
        Array.Copy(_leaves, index + 1, _leaves, index, _leafCount - index);
    }

    private static int WordOf(long number) => (int)(number >> WordShift) & (WordsPerLeaf - 1);

    /// <summary>Bits of <c>[from, to)</c>, which lie in one word.</summary>
    private static ulong Mask(long from, long to) => ulong.MaxValue >> (int)(64 - (to - from)) << (int)(from & WordMask);

    private sealed class Leaf
    {
        public WordArray Words;
        public int Count;

        public void Clear()
        {
            Words = default;
            Count = 0;
        }

        public bool TryFirst(int from, out int number)
        {
            ulong bits = Words[from >> WordShift] & (ulong.MaxValue << (from & WordMask));
            int word = from >> WordShift;
            while (bits == 0 && ++word < WordsPerLeaf)
                bits = Words[word];
            number = (word << WordShift) + BitOperations.TrailingZeroCount(bits);
            return bits != 0;
        }
    }

    [InlineArray(WordsPerLeaf)]
    private struct WordArray
    {
        private ulong _first;
    }
}
