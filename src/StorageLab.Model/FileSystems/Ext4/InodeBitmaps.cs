using System.Numerics;

namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>The inode bitmaps of all groups, and the counts of free inodes and directories in their descriptors.</summary>
internal sealed class InodeBitmaps
{
    private const int WordPageShift = 7;
    private const int CountPageShift = 6;

    private readonly Ext4Geometry _geometry;
    private readonly int _wordsPerGroup;
    private readonly CowArray<ulong> _used;
    private readonly CowArray<Group> _groups;

    public InodeBitmaps(Ext4Geometry geometry)
    {
        _geometry = geometry;
        _wordsPerGroup = (geometry.InodesPerGroup + 63) / 64;
        _used = new CowArray<ulong>(WordPageShift);
        _used.EnsureLength(geometry.GroupCount * _wordsPerGroup);
        _groups = new CowArray<Group>(CountPageShift);
        _groups.EnsureLength(geometry.GroupCount);
        for (var group = 0; group < geometry.GroupCount; group++)
        {
            _groups.Mutable(group).FreeCount = geometry.InodesPerGroup;
            if (geometry.InodesPerGroup % 64 != 0)
                _used.Mutable(((group + 1) * _wordsPerGroup) - 1) = ulong.MaxValue << (geometry.InodesPerGroup % 64);
        }

        FreeCount = geometry.InodeCount;
    }

    private InodeBitmaps(InodeBitmaps original)
    {
        _geometry = original._geometry;
        _wordsPerGroup = original._wordsPerGroup;
        _used = original._used.Clone();
        _groups = original._groups.Clone();
        FreeCount = original.FreeCount;
        DirectoryCount = original.DirectoryCount;
    }

    public long FreeCount { get; private set; }

    public long DirectoryCount { get; private set; }

    public InodeBitmaps Clone() => new(this);

    public int FreeCountOf(int group) => _groups[group].FreeCount;

    public int DirectoryCountOf(int group) => _groups[group].DirectoryCount;

    /// <summary>How many inodes of a group there are up to the last one in use.</summary>
    public int UsedEndOf(int group)
    {
        for (int index = _wordsPerGroup - 1; index >= 0; index--)
        {
            int beyond = Math.Max(0, ((index + 1) * 64) - _geometry.InodesPerGroup);
            ulong used = _used[(group * _wordsPerGroup) + index] << beyond >> beyond;
            if (used != 0)
                return (index * 64) + 64 - BitOperations.LeadingZeroCount(used);
        }

        return 0;
    }

    public bool IsUsed(long inode) => (Word(inode, out ulong mask) & mask) != 0;

    /// <summary>Takes the lowest free inode of a group that has one (fs/ext4/ialloc.c, find_inode_bit).</summary>
    public long TakeLowest(int group, bool isDirectory)
    {
        int first = group * _wordsPerGroup;
        for (var index = 0; index < _wordsPerGroup; index++)
        {
            ulong free = ~_used[first + index];
            if (free == 0)
                continue;
            int bit = BitOperations.TrailingZeroCount(free);
            _used.Mutable(first + index) |= 1UL << bit;
            Count(group, -1, isDirectory ? 1 : 0);
            return ((long)group * _geometry.InodesPerGroup) + (index * 64) + bit + 1;
        }

        throw new InvalidOperationException($"group {group} counts free inodes that its bitmap does not have");
    }

    public void Free(long inode, bool isDirectory)
    {
        int index = IndexOf(inode, out ulong mask);
        if ((_used[index] & mask) == 0)
            throw new InvalidOperationException($"inode {inode} is freed twice");
        _used.Mutable(index) &= ~mask;
        Count(_geometry.GroupOfInode(inode), 1, isDirectory ? -1 : 0);
    }

    private ulong Word(long inode, out ulong mask) => _used[IndexOf(inode, out mask)];

    private int IndexOf(long inode, out ulong mask)
    {
        int group = _geometry.GroupOfInode(inode);
        var bit = (int)((inode - 1) % _geometry.InodesPerGroup);
        mask = 1UL << (bit & 63);
        return (group * _wordsPerGroup) + (bit >> 6);
    }

    private void Count(int group, int free, int directories)
    {
        ref Group counts = ref _groups.Mutable(group);
        counts.FreeCount += free;
        counts.DirectoryCount += directories;
        FreeCount += free;
        DirectoryCount += directories;
    }

    private struct Group
    {
        public int FreeCount;
        public int DirectoryCount;
    }
}
