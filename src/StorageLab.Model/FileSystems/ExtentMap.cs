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
    private int _chunkCount;

    public ExtentMap(object owner)
    {
        Owner = owner;
        _chunks = [new Chunk(4)];
        _chunkCount = 1;
    }

    private ExtentMap(ExtentMap original, object owner)
    {
        Owner = owner;
        _chunks = new Chunk[original._chunkCount];
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
        if (TryFindBefore(extent.FileBlock, out Extent before))
        {
            Debug.Assert(before.FileEnd <= extent.FileBlock, "extents overlap");
            if (before.IsContinuedBy(extent) && before.BlockCount + extent.BlockCount <= blockCountMax)
            {
                RemoveStartingAt(before.FileBlock);
                extent = before with { BlockCount = before.BlockCount + extent.BlockCount };
            }
        }

        if (TryFindAtOrAfter(extent.FileEnd, out Extent after)
            && extent.IsContinuedBy(after) && extent.BlockCount + after.BlockCount <= blockCountMax)
        {
            RemoveStartingAt(after.FileBlock);
            extent = extent with { BlockCount = extent.BlockCount + after.BlockCount };
        }

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
            _chunks[chunk].Items[index] = extent.Slice(extent.FileBlock, from);
            if (keepsTail)
                Place(extent.Slice(to, extent.FileEnd));
        }
        else if (keepsTail)
            _chunks[chunk].Items[index] = extent.Slice(to, extent.FileEnd);
        else
            RemoveAt(chunk, index);
    }

    private void RemoveStartingAt(long fileBlock)
    {
        (int chunk, int index) = Locate(fileBlock);
        RemoveAt(chunk, index);
    }

    private void RemoveAt(int chunk, int index)
    {
        Count--;
        _chunks[chunk].RemoveAt(index);
        if (_chunks[chunk].Count > 0 || _chunkCount == 1)
            return;
        Array.Copy(_chunks, chunk + 1, _chunks, chunk, _chunkCount - chunk - 1);
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
        Count++;
    }

    private void Split(int chunk)
    {
        if (_chunkCount == _chunks.Length)
            Array.Resize(ref _chunks, _chunkCount * 2);
        Array.Copy(_chunks, chunk + 1, _chunks, chunk + 2, _chunkCount - chunk - 1);
        _chunks[chunk + 1] = _chunks[chunk].TakeUpperHalf();
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
        int low = 0, high = _chunkCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (_chunks[middle].Items[0].FileBlock <= fileBlock)
                low = middle;
            else
                high = middle - 1;
        }

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
