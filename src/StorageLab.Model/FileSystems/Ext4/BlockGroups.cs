using System.Numerics;
using System.Runtime.InteropServices;

namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>The block bitmaps of all groups as mballoc sees them in memory: a block is taken when it is allocated, preallocated, or freed
/// but not yet committed; the free counts are those of the group descriptors, where only allocated blocks are missing.</summary>
internal sealed class BlockGroups
{
    private const int WordsPerGroup = Ext4Geometry.BlocksPerGroup / 64;
    private const int WordPageShift = 9;
    private const int CountPageShift = 6;

    private readonly Ext4Geometry _geometry;
    private readonly CowArray<ulong> _taken;
    private readonly CowArray<Group> _groups;

    public BlockGroups(Ext4Geometry geometry)
    {
        _geometry = geometry;
        _taken = new CowArray<ulong>(WordPageShift);
        _taken.EnsureLength(geometry.GroupCount * WordsPerGroup);
        _groups = new CowArray<Group>(CountPageShift);
        _groups.EnsureLength(geometry.GroupCount);
        for (var group = 0; group < geometry.GroupCount; group++)
        {
            int count = geometry.BlockCountOf(group);
            _groups.Mutable(group) = new Group { FreeCount = count, AvailableCount = Ext4Geometry.BlocksPerGroup, OrderMax = BuddySearch.OrderMax };
            if (count < Ext4Geometry.BlocksPerGroup)
                Take(Ext4Geometry.FirstBlockOf(group) + count, Ext4Geometry.BlocksPerGroup - count);
        }

        FreeCount = geometry.BlockCount;
    }

    private BlockGroups(BlockGroups original)
    {
        _geometry = original._geometry;
        _taken = original._taken.Clone();
        _groups = original._groups.Clone();
        FreeCount = original.FreeCount;
    }

    /// <summary>Blocks not allocated in the whole file system, in blocks.</summary>
    public long FreeCount { get; private set; }

    public BlockGroups Clone() => new(this);

    /// <summary>bg_free_blocks_count.</summary>
    public int FreeCountOf(int group) => _groups[group].FreeCount;

    /// <summary>bb_free: blocks the allocator may hand out now.</summary>
    public int AvailableCountOf(int group) => _groups[group].AvailableCount;

    /// <summary>No buddy in the group is larger than this order: what bb_largest_free_order says, except that it may be too high.</summary>
    public int OrderMaxOf(int group) => _groups[group].OrderMax;

    /// <summary>Notes that a search has found no buddy of an order.</summary>
    public void NoteNoBuddy(int group, int order) => _groups.Mutable(group).OrderMax = order - 1;

    public ReadOnlySpan<ulong> BitmapOf(int group) => MemoryMarshal.CreateReadOnlySpan(in _taken[group * WordsPerGroup], WordsPerGroup);

    /// <summary>Takes available blocks of one group out of the allocator's sight.</summary>
    public void Take(long block, int blockCount) => Flip(block, blockCount, taken: true);

    /// <summary>Gives blocks of one group back to the allocator.</summary>
    public void GiveBack(long block, int blockCount) => Flip(block, blockCount, taken: false);

    /// <summary>Notes in the descriptors that taken blocks of one group are allocated (negative: free again).</summary>
    public void CountAllocated(long block, int blockCount)
    {
        _groups.Mutable(Ext4Geometry.GroupOf(block)).FreeCount -= blockCount;
        FreeCount -= blockCount;
    }

    /// <summary>First zero bit at or after <paramref name="from"/>; the bitmap's length when there is none.</summary>
    public static int NextAvailable(ReadOnlySpan<ulong> bitmap, int from) => NextBit(bitmap, from, ulong.MaxValue);

    /// <summary>First set bit at or after <paramref name="from"/>; the bitmap's length when there is none.</summary>
    public static int NextTaken(ReadOnlySpan<ulong> bitmap, int from) => NextBit(bitmap, from, 0);

    /// <summary>First block of the available run that ends with <paramref name="last"/>, or goes on beyond it.</summary>
    public static int RunStart(ReadOnlySpan<ulong> bitmap, int last)
    {
        int index = last >> 6;
        ulong word = bitmap[index] & (ulong.MaxValue >> (63 - (last & 63)));
        while (word == 0)
        {
            if (index-- == 0)
                return 0;
            word = bitmap[index];
        }

        return (index << 6) + 64 - BitOperations.LeadingZeroCount(word);
    }

    /// <summary>Blocks taken in a group, its tail beyond the device not counted. For invariant checks.</summary>
    public int CountTaken(int group)
    {
        var taken = 0;
        foreach (ulong word in BitmapOf(group))
            taken += BitOperations.PopCount(word);
        return taken - (Ext4Geometry.BlocksPerGroup - _geometry.BlockCountOf(group));
    }

    private static int NextBit(ReadOnlySpan<ulong> bitmap, int from, ulong invert)
    {
        int index = from >> 6;
        if (index >= bitmap.Length)
            return bitmap.Length << 6;
        ulong word = (bitmap[index] ^ invert) & (ulong.MaxValue << (from & 63));
        while (word == 0)
        {
            if (++index == bitmap.Length)
                return bitmap.Length << 6;
            word = bitmap[index] ^ invert;
        }

        return (index << 6) + BitOperations.TrailingZeroCount(word);
    }

    private void Flip(long block, int blockCount, bool taken)
    {
        int group = Ext4Geometry.GroupOf(block);
        var from = (int)(block - Ext4Geometry.FirstBlockOf(group));
        int end = from + blockCount;
        ref Group counts = ref _groups.Mutable(group);
        counts.AvailableCount += taken ? -blockCount : blockCount;
        if (!taken)
            counts.OrderMax = BuddySearch.OrderMax;
        while (from < end)
        {
            int stop = Math.Min(end, (from | 63) + 1);
            ulong mask = (ulong.MaxValue >> (64 - (stop - from))) << (from & 63);
            ref ulong word = ref _taken.Mutable((group * WordsPerGroup) + (from >> 6));
            if ((taken ? word & mask : ~word & mask) != 0)
                throw new InvalidOperationException($"block group {group}: a block is taken or given back twice");
            word ^= mask;
            from = stop;
        }
    }

    private struct Group
    {
        public int FreeCount;
        public int AvailableCount;
        public int OrderMax;
    }
}
