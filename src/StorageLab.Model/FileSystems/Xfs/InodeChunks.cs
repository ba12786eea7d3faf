using System.Numerics;

namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>The inode chunks of one allocation group, sorted by their first inode, with a tree of those that have free inodes.</summary>
/// <remarks>Inode numbers are relative to the group. A sparse chunk has blocks for a part of its inodes only.</remarks>
internal sealed class InodeChunks
{
    private readonly PackedSet _withFree;
    private Chunk[] _chunks;
    private int _count;

    public InodeChunks()
    {
        _withFree = new PackedSet();
        _chunks = new Chunk[4];
    }

    private InodeChunks(InodeChunks original)
    {
        _withFree = original._withFree.Copy();
        _chunks = original._chunks.AsSpan(0, Math.Max(4, original._count)).ToArray();
        _count = original._count;
        InodeCount = original.InodeCount;
        FreeCount = original.FreeCount;
    }

    /// <summary>Inodes with blocks, used or not.</summary>
    public long InodeCount { get; private set; }

    public long FreeCount { get; private set; }

    public ReadOnlySpan<Chunk> All => _chunks.AsSpan(0, _count);

    public InodeChunks Copy() => new(this);

    /// <summary>Adds the inodes <c>[first, first + count)</c>; a whole chunk, or the part of one that has got blocks.</summary>
    public void Add(long first, int count)
    {
        // Only a part of a chunk tells by its number where the chunk starts; whole ones start where an older kernel put them.
        long start = count == XfsGeometry.InodesPerChunk ? first : first / XfsGeometry.InodesPerChunk * XfsGeometry.InodesPerChunk;
        ulong mask = MaskOf((int)(first - start), count);
        int index = IndexOf(start);
        if (index < _count && _chunks[index].First == start)
        {
            if (_chunks[index].Free == 0)
                _withFree.Add((ulong)start);
            _chunks[index].Present |= mask;
            _chunks[index].Free |= mask;
        }
        else
        {
            if (_count == _chunks.Length)
                Array.Resize(ref _chunks, _count * 2);
            Array.Copy(_chunks, index, _chunks, index + 1, _count - index);
            _chunks[index] = new Chunk { First = start, Present = mask, Free = mask };
            _count++;
            _withFree.Add((ulong)start);
        }

        InodeCount += count;
        FreeCount += count;
    }

    /// <summary>Takes the first free inode of the chunk that starts at <paramref name="first"/>.</summary>
    public long TakeFrom(long first)
    {
        ref Chunk chunk = ref _chunks[IndexOf(first)];
        int bit = BitOperations.TrailingZeroCount(chunk.Free);
        chunk.Free &= ~(1UL << bit);
        if (chunk.Free == 0)
            _withFree.Remove((ulong)first);
        FreeCount--;
        return first + bit;
    }

    /// <summary>Gives an inode back.</summary>
    /// <param name="emptied">The chunk, when none of its inodes is in use any more; it is then gone.</param>
    public bool Release(long inode, out Chunk emptied)
    {
        int index = IndexHolding(inode);
        ref Chunk chunk = ref _chunks[index];
        long start = chunk.First;
        if (chunk.Free == 0)
            _withFree.Add((ulong)start);
        chunk.Free |= 1UL << (int)(inode - start);
        FreeCount++;
        emptied = chunk;
        if (chunk.Free != chunk.Present)
            return false;
        int count = BitOperations.PopCount(chunk.Present);
        InodeCount -= count;
        FreeCount -= count;
        _withFree.Remove((ulong)start);
        _count--;
        Array.Copy(_chunks, index + 1, _chunks, index, _count - index);
        return true;
    }

    public bool HasFree(long chunkFirst)
    {
        int index = IndexOf(chunkFirst);
        return index < _count && _chunks[index].First == chunkFirst && _chunks[index].Free != 0;
    }

    /// <summary>The chunk with free inodes that is nearest to an inode (fs/xfs/libxfs/xfs_ialloc.c, xfs_dialloc_ag_finobt_near).</summary>
    public long NearestWithFree(long inode)
    {
        PackedSet.Cursor right = _withFree.AtOrAbove((ulong)inode + 1);
        PackedSet.Cursor left = _withFree.Previous(right);
        bool hasLeft = _withFree.IsValid(left);
        bool hasRight = _withFree.IsValid(right);
        long leftFirst = hasLeft ? (long)_withFree.KeyAt(left) : 0;
        if (hasLeft && inode < leftFirst + XfsGeometry.InodesPerChunk)
            return leftFirst;
        if (!hasLeft)
            return (long)_withFree.KeyAt(right);
        long rightFirst = hasRight ? (long)_withFree.KeyAt(right) : 0;
        return hasRight && inode - leftFirst + XfsGeometry.InodesPerChunk - 1 > rightFirst - inode ? rightFirst : leftFirst;
    }

    /// <summary>First inode of the chunk that holds an inode.</summary>
    public long StartOf(long inode) => _chunks[IndexHolding(inode)].First;

    /// <summary>Chunks between an inode's and another one, both ends counted once.</summary>
    public int DistanceInChunks(long inode, long chunkFirst) =>
        Math.Abs(IndexHolding(inode) - IndexOf(chunkFirst));

    public long FirstWithFree() => (long)_withFree.KeyAt(PackedSet.First);

    private static ulong MaskOf(int bit, int count) => count == 64 ? ulong.MaxValue : ((1UL << count) - 1) << bit;

    private int IndexHolding(long inode) => IndexOf(inode + 1) - 1;

    private int IndexOf(long first)
    {
        int low = 0, high = _count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_chunks[middle].First < first)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>64 inode numbers.</summary>
    public struct Chunk
    {
        /// <summary>First inode, relative to the group.</summary>
        public long First;

        /// <summary>Inodes that have blocks.</summary>
        public ulong Present;

        /// <summary>Inodes that have blocks and are not in use.</summary>
        public ulong Free;
    }
}
