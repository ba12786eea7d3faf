namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>One allocation group: its free space in both orders and its inode chunks. Block numbers are relative to the group.</summary>
/// <remarks>Copied as a whole by the first change after a snapshot.</remarks>
internal sealed class AllocationGroup
{
    private readonly PackedSet _byStart;
    private readonly PackedSet _bySize;

    public AllocationGroup(object owner, int number, int lengthBlocks)
    {
        Owner = owner;
        Number = number;
        LengthBlocks = lengthBlocks;
        _byStart = new PackedSet();
        _bySize = new PackedSet();
        Chunks = new InodeChunks();
        NewestInode = -1;
    }

    private AllocationGroup(AllocationGroup original, object owner)
    {
        Owner = owner;
        Number = original.Number;
        LengthBlocks = original.LengthBlocks;
        _byStart = original._byStart.Copy();
        _bySize = original._bySize.Copy();
        Chunks = original.Chunks.Copy();
        NewestInode = original.NewestInode;
        FreeBlocks = original.FreeBlocks;
        ReservedBlocks = original.ReservedBlocks;
    }

    /// <summary>The file system that may change this group in place.</summary>
    public object Owner { get; }

    public int Number { get; }

    public int LengthBlocks { get; }

    /// <summary>Free blocks in the trees, without the free list.</summary>
    public long FreeBlocks { get; private set; }

    /// <summary>Blocks kept back for the growth of this group's own B+trees (fs/xfs/libxfs/xfs_ag_resv.c).</summary>
    public long ReservedBlocks { get; init; }

    public InodeChunks Chunks { get; }

    /// <summary>First inode of the chunk allocated last (agi_newino); -1 without.</summary>
    public long NewestInode { get; set; }

    /// <summary>Free extents by start: start in the upper half of the key, length in the lower.</summary>
    public PackedSet ByStart => _byStart;

    /// <summary>Free extents by length: length in the upper half of the key, start in the lower.</summary>
    public PackedSet BySize => _bySize;

    public long LongestFree => _bySize.Count == 0 ? 0 : PackedSet.High(_bySize.KeyAt(_bySize.Last()));

    public AllocationGroup CopyFor(object owner) => new(this, owner);

    /// <summary>Adds a run to the free space and joins it with its neighbours.</summary>
    public void Free(long start, long count)
    {
        FreeBlocks += count;
        PackedSet.Cursor after = _byStart.AtOrAbove(PackedSet.Pack(start, 0));
        PackedSet.Cursor before = _byStart.Previous(after);
        long newStart = start;
        long newCount = count;
        ulong beforeKey = _byStart.IsValid(before) ? _byStart.KeyAt(before) : 0;
        ulong afterKey = _byStart.IsValid(after) ? _byStart.KeyAt(after) : 0;
        if (beforeKey != 0 && PackedSet.High(beforeKey) + PackedSet.Low(beforeKey) > start)
            throw new InvalidOperationException("a block is freed twice");
        if (beforeKey != 0 && PackedSet.High(beforeKey) + PackedSet.Low(beforeKey) == start)
        {
            newStart = PackedSet.High(beforeKey);
            newCount += PackedSet.Low(beforeKey);
            Forget(newStart, PackedSet.Low(beforeKey));
        }

        if (afterKey != 0 && PackedSet.High(afterKey) == start + count)
        {
            newCount += PackedSet.Low(afterKey);
            Forget(start + count, PackedSet.Low(afterKey));
        }

        Note(newStart, newCount);
    }

    /// <summary>Takes a run out of the free extent that holds it.</summary>
    public void Take(long start, long count)
    {
        ulong key = _byStart.KeyAt(_byStart.Below(PackedSet.Pack(start + 1, 0)));
        long freeStart = PackedSet.High(key);
        long freeCount = PackedSet.Low(key);
        Forget(freeStart, freeCount);
        if (start > freeStart)
            Note(freeStart, start - freeStart);
        if (start + count < freeStart + freeCount)
            Note(start + count, freeStart + freeCount - start - count);
        FreeBlocks -= count;
    }

    private void Note(long start, long count)
    {
        _byStart.Add(PackedSet.Pack(start, count));
        _bySize.Add(PackedSet.Pack(count, start));
    }

    private void Forget(long start, long count)
    {
        _byStart.Remove(PackedSet.Pack(start, count));
        _bySize.Remove(PackedSet.Pack(count, start));
    }
}
