using System.Diagnostics;

namespace StorageLab.Model.FileSystems;

/// <summary>Where the blocks of one file lie: extents sorted by file block, none overlapping, in chunks, so that a
/// sparse file of hundreds of thousands of extents is changed without moving them all.</summary>
/// <remarks>
/// Cost: lookups O(log n); inserting and removing O(log n) plus one chunk of <see cref="ChunkCapacity"/> extents.
/// </remarks>
internal sealed class ExtentMap
{
    private const int ChunkCapacity = 128;

    private Chunk[] _chunks;
    private long[] _firsts;
    private int _chunkCount;
    private int _lastChunk;

    public ExtentMap(object owner)
    {
        Owner = owner;
        _chunks = [new Chunk(4)];
        _firsts = [0];
        _chunkCount = 1;
    }

    private ExtentMap(ExtentMap original, object owner)
    {
        Owner = owner;
        _chunks = new Chunk[original._chunkCount];
        _firsts = original._firsts.AsSpan(0, original._chunkCount).ToArray();
        for (var i = 0; i < original._chunkCount; i++)
            _chunks[i] = original._chunks[i].Copy();
        _chunkCount = original._chunkCount;
        Count = original.Count;
    }

    /// <summary>The file system that may change this map in place; another one copies it first.</summary>
    public object Owner { get; }

    public int Count { get; private set; }

    public ExtentMap CopyFor(object owner) => new(this, owner);

    /// <summary>First extent that ends after <paramref name="fileBlock"/>.</summary>
    public bool TryFindAtOrAfter(long fileBlock, out Extent extent)
    {
        (int chunk, int index) = Locate(fileBlock);
        if (chunk < _chunkCount && index < _chunks[chunk].Count)
        {
            extent = _chunks[chunk].Items[index];
            return true;
        }

        extent = default;
        return false;
    }

    /// <summary>Last extent that starts before <paramref name="fileBlock"/>.</summary>
    public bool TryFindBefore(long fileBlock, out Extent extent)
    {
        int chunk = ChunkOf(fileBlock - 1);
        int index = _chunks[chunk].CountStartingBefore(fileBlock) - 1;
        if (index < 0 && chunk > 0)
            index = _chunks[--chunk].Count - 1;
        extent = index >= 0 ? _chunks[chunk].Items[index] : default;
        return index >= 0;
    }

    /// <summary>Adds an extent where there is none; it grows together with neighbours that continue it.</summary>
    /// <param name="blockCountMax">Longest extent the format can record, in blocks.</param>
    public void Insert(Extent extent, long blockCountMax)
    {
        int chunk = ChunkOf(extent.FileBlock);
        int index = _chunks[chunk].CountStartingBefore(extent.FileBlock);
        bool hasAfter = index < _chunks[chunk].Count || chunk + 1 < _chunkCount;
        (int afterChunk, int afterIndex) = index < _chunks[chunk].Count ? (chunk, index) : (chunk + 1, 0);
        bool joinsBefore = index > 0 && CanJoin(_chunks[chunk].Items[index - 1], extent, blockCountMax);
        if (joinsBefore)
            extent = Join(_chunks[chunk].Items[--index], extent);
        if (hasAfter && CanJoin(extent, _chunks[afterChunk].Items[afterIndex], blockCountMax))
        {
            extent = Join(extent, _chunks[afterChunk].Items[afterIndex]);
            if (joinsBefore)
                RemoveAt(afterChunk, afterIndex);
            else
                (chunk, index, joinsBefore) = (afterChunk, afterIndex, true);
        }

        if (joinsBefore)
            Replace(chunk, index, extent);
        else
            Place(extent);
    }

    /// <summary>Takes out the part of one extent that lies in <c>[from, to)</c>; the range must lie within that extent.</summary>
    public void Remove(long from, long to)
    {
        (int chunk, int index) = Locate(from);
        Extent extent = _chunks[chunk].Items[index];
        Debug.Assert(extent.FileBlock <= from && to <= extent.FileEnd, "range leaves its extent");
        bool keepsHead = extent.FileBlock < from;
        bool keepsTail = to < extent.FileEnd;
        if (keepsHead)
        {
            Replace(chunk, index, extent.Slice(extent.FileBlock, from));
            if (keepsTail)
                Place(extent.Slice(to, extent.FileEnd));
        }
        else if (keepsTail)
            Replace(chunk, index, extent.Slice(to, extent.FileEnd));
        else
            RemoveAt(chunk, index);
    }

    private static bool CanJoin(in Extent left, in Extent right, long blockCountMax)
    {
        Debug.Assert(left.FileEnd <= right.FileBlock, "extents overlap");
        return left.IsContinuedBy(right) && left.BlockCount + right.BlockCount <= blockCountMax;
    }

    private static Extent Join(in Extent left, in Extent right) => left with { BlockCount = left.BlockCount + right.BlockCount };

    private void Replace(int chunk, int index, in Extent extent)
    {
        _chunks[chunk].Items[index] = extent;
        if (index == 0)
            _firsts[chunk] = extent.FileBlock;
    }

    private void RemoveAt(int chunk, int index)
    {
        Count--;
        _chunks[chunk].RemoveAt(index);
        if (_chunks[chunk].Count > 0)
        {
            _firsts[chunk] = _chunks[chunk].Items[0].FileBlock;
            return;
        }

        if (_chunkCount == 1)
            return;
        Array.Copy(_chunks, chunk + 1, _chunks, chunk, _chunkCount - chunk - 1);
        Array.Copy(_firsts, chunk + 1, _firsts, chunk, _chunkCount - chunk - 1);
        _chunkCount--;
    }

    private void Place(in Extent extent)
    {
        int chunk = ChunkOf(extent.FileBlock);
        if (_chunks[chunk].Count == ChunkCapacity)
        {
            Split(chunk);
            chunk = ChunkOf(extent.FileBlock);
        }

        _chunks[chunk].InsertAt(_chunks[chunk].CountStartingBefore(extent.FileBlock), extent);
        _firsts[chunk] = _chunks[chunk].Items[0].FileBlock;
        Count++;
    }

    private void Split(int chunk)
    {
        if (_chunkCount == _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunkCount * 2);
            Array.Resize(ref _firsts, _chunkCount * 2);
        }

        Array.Copy(_chunks, chunk + 1, _chunks, chunk + 2, _chunkCount - chunk - 1);
        Array.Copy(_firsts, chunk + 1, _firsts, chunk + 2, _chunkCount - chunk - 1);
        _chunks[chunk + 1] = _chunks[chunk].TakeUpperHalf();
        _firsts[chunk + 1] = _chunks[chunk + 1].Items[0].FileBlock;
        _chunkCount++;
    }

    /// <summary>Position of the first extent that ends after <paramref name="fileBlock"/>; one past the end when there is none.</summary>
    private (int Chunk, int Index) Locate(long fileBlock)
    {
        int chunk = ChunkOf(fileBlock);
        int index = _chunks[chunk].CountStartingBefore(fileBlock + 1);
        if (index > 0 && _chunks[chunk].Items[index - 1].FileEnd > fileBlock)
            index--;
        return index < _chunks[chunk].Count || chunk + 1 >= _chunkCount ? (chunk, index) : (chunk + 1, 0);
    }

    /// <summary>The last chunk whose first extent starts at or before <paramref name="fileBlock"/>; the first chunk when none does.</summary>
    private int ChunkOf(long fileBlock)
    {
        int last = _lastChunk;
        if (last < _chunkCount && _firsts[last] <= fileBlock && (last + 1 == _chunkCount || fileBlock < _firsts[last + 1]))
            return last;
        int low = 0, high = _chunkCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (_firsts[middle] <= fileBlock)
                low = middle;
            else
                high = middle - 1;
        }

        _lastChunk = low;
        return low;
    }

    private sealed class Chunk(int capacity)
    {
        public Extent[] Items = new Extent[capacity];
        public int Count;

        public Chunk Copy()
        {
            Chunk copy = new(Math.Max(4, Count)) { Count = Count };
            Items.AsSpan(0, Count).CopyTo(copy.Items);
            return copy;
        }

        public int CountStartingBefore(long fileBlock)
        {
            int low = 0, high = Count;
            while (low < high)
            {
                int middle = (low + high) >>> 1;
                if (Items[middle].FileBlock < fileBlock)
                    low = middle + 1;
                else
                    high = middle;
            }

            return low;
        }

        public void InsertAt(int index, in Extent extent)
        {
            if (Count == Items.Length)
                Array.Resize(ref Items, Math.Min(ChunkCapacity, Count * 2));
            Array.Copy(Items, index, Items, index + 1, Count - index);
            Items[index] = extent;
            Count++;
        }

        public void RemoveAt(int index)
        {
            Count--;
            Array.Copy(Items, index + 1, Items, index, Count - index);
        }

        public Chunk TakeUpperHalf()
        {
            int half = Count / 2;
            Chunk upper = new(ChunkCapacity) { Count = Count - half };
            Items.AsSpan(half, upper.Count).CopyTo(upper.Items);
            Count = half;
            return upper;
        }
    }
}
