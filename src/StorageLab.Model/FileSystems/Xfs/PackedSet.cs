namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>A sorted set of 64-bit keys in chunks: the shape of an allocation group's B+trees, with a key packed from two 32-bit halves.</summary>
/// <remarks>Finding is O(log n); inserting and removing moves at most one chunk. <see cref="Copy"/> is deep; an allocation group
/// copies its sets when it is first written after a snapshot.</remarks>
internal sealed class PackedSet
{
    private const int ChunkCapacity = 256;

    private ulong[][] _chunks;
    private int[] _counts;
    private int _chunkCount;

    public PackedSet()
    {
        _chunks = [new ulong[8]];
        _counts = [0];
        _chunkCount = 1;
    }

    private PackedSet(PackedSet original)
    {
        _chunkCount = original._chunkCount;
        _counts = original._counts.AsSpan(0, _chunkCount).ToArray();
        _chunks = new ulong[_chunkCount][];
        for (var i = 0; i < _chunkCount; i++)
            _chunks[i] = original._chunks[i].AsSpan(0, Math.Max(4, _counts[i])).ToArray();
        Count = original.Count;
    }

    public int Count { get; private set; }

    public static ulong Pack(long high, long low) => ((ulong)high << 32) | ((ulong)low & uint.MaxValue);

    public static long High(ulong key) => (long)(key >> 32);

    public static long Low(ulong key) => (long)(key & uint.MaxValue);

    public PackedSet Copy() => new(this);

    /// <summary>Position of the first key at or above <paramref name="key"/>.</summary>
    public Cursor AtOrAbove(ulong key)
    {
        int chunk = ChunkOf(key);
        int index = CountBelow(chunk, key);
        return index == _counts[chunk] && chunk + 1 < _chunkCount ? new Cursor(chunk + 1, 0) : new Cursor(chunk, index);
    }

    /// <summary>Position of the last key below <paramref name="key"/>.</summary>
    public Cursor Below(ulong key) => Previous(AtOrAbove(key));

    public static Cursor First => new(0, 0);

    public Cursor Last() => new(_chunkCount - 1, _counts[_chunkCount - 1] - 1);

    public bool IsValid(Cursor cursor) => cursor.Chunk >= 0 && cursor.Index >= 0 && cursor.Index < _counts[cursor.Chunk];

    public ulong KeyAt(Cursor cursor) => _chunks[cursor.Chunk][cursor.Index];

    public Cursor Next(Cursor cursor) =>
        cursor.Index + 1 < _counts[cursor.Chunk] || cursor.Chunk + 1 == _chunkCount
            ? new Cursor(cursor.Chunk, cursor.Index + 1)
            : new Cursor(cursor.Chunk + 1, 0);

    public Cursor Previous(Cursor cursor) =>
        cursor.Index > 0 || cursor.Chunk == 0
            ? new Cursor(cursor.Chunk, cursor.Index - 1)
            : new Cursor(cursor.Chunk - 1, _counts[cursor.Chunk - 1] - 1);

    /// <summary>Number of keys at or above a position, counted no further than <paramref name="limit"/>.</summary>
    public int CountFrom(Cursor cursor, int limit)
    {
        int count = _counts[cursor.Chunk] - cursor.Index;
        for (int chunk = cursor.Chunk + 1; chunk < _chunkCount && count < limit; chunk++)
            count += _counts[chunk];
        return Math.Min(count, limit);
    }

    public void Add(ulong key)
    {
        int chunk = ChunkOf(key);
        if (_counts[chunk] == ChunkCapacity)
        {
            Split(chunk);
            chunk = ChunkOf(key);
        }

        ulong[] items = _chunks[chunk];
        if (_counts[chunk] == items.Length)
            Array.Resize(ref items, Math.Min(ChunkCapacity, items.Length * 2));
        _chunks[chunk] = items;
        int index = CountBelow(chunk, key);
        Array.Copy(items, index, items, index + 1, _counts[chunk] - index);
        items[index] = key;
        _counts[chunk]++;
        Count++;
    }

    /// <summary>Removes a key that is in the set.</summary>
    public void Remove(ulong key)
    {
        int chunk = ChunkOf(key);
        int index = CountBelow(chunk, key);
        if (index == _counts[chunk] || _chunks[chunk][index] != key)
            throw new InvalidOperationException("the key is not in the set");
        _counts[chunk]--;
        Count--;
        Array.Copy(_chunks[chunk], index + 1, _chunks[chunk], index, _counts[chunk] - index);
        if (_counts[chunk] > 0 || _chunkCount == 1)
            return;
        _chunkCount--;
        Array.Copy(_chunks, chunk + 1, _chunks, chunk, _chunkCount - chunk);
        Array.Copy(_counts, chunk + 1, _counts, chunk, _chunkCount - chunk);
    }

    private void Split(int chunk)
    {
        if (_chunkCount == _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunkCount * 2);
            Array.Resize(ref _counts, _chunkCount * 2);
        }

        Array.Copy(_chunks, chunk + 1, _chunks, chunk + 2, _chunkCount - chunk - 1);
        Array.Copy(_counts, chunk + 1, _counts, chunk + 2, _chunkCount - chunk - 1);
        int half = _counts[chunk] / 2;
        ulong[] upper = new ulong[ChunkCapacity];
        _counts[chunk + 1] = _counts[chunk] - half;
        _chunks[chunk].AsSpan(half, _counts[chunk + 1]).CopyTo(upper);
        _chunks[chunk + 1] = upper;
        _counts[chunk] = half;
        _chunkCount++;
    }

    private int ChunkOf(ulong key)
    {
        int low = 0, high = _chunkCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (_chunks[middle][0] <= key)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    private int CountBelow(int chunk, ulong key)
    {
        ulong[] items = _chunks[chunk];
        int low = 0, high = _counts[chunk];
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (items[middle] < key)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>A position in a set; void after the set changes.</summary>
    public readonly record struct Cursor(int Chunk, int Index);
}
