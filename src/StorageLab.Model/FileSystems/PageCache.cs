namespace StorageLab.Model.FileSystems;

/// <summary>The pages one mount holds of its files: which blocks are cached, which of them are dirty, and in which order files became dirty.</summary>
/// <remarks>Lives as long as the mount. Ranges are in file-system blocks. Cost O(1) per file plus the ranges touched.</remarks>
internal sealed class PageCache
{
    private readonly Dictionary<int, int> _slotOfInode = [];
    private readonly List<int> _freeSlots = [];
    private CachedFile[] _files = new CachedFile[4];
    private int _slotCount = 1;
    private InodeId _lastInode;
    private int _lastSlot;
    private int _firstDirty;
    private int _lastDirty;

    /// <summary>Blocks of file content in memory.</summary>
    public long CachedBlocks { get; private set; }

    /// <summary>Blocks that differ from the device.</summary>
    public long DirtyBlocks { get; private set; }

    /// <summary>The file that has been dirty the longest; writeback goes in this order (fs/fs-writeback.c, move_expired_inodes).</summary>
    /// <param name="inode">The file.</param>
    /// <param name="sinceNanoseconds">When it became dirty.</param>
    public bool TryFirstDirty(out InodeId inode, out long sinceNanoseconds)
    {
        inode = new InodeId(_firstDirty == 0 ? 0 : _files[_firstDirty].Inode);
        sinceNanoseconds = _files[_firstDirty].DirtySinceNanoseconds;
        return _firstDirty != 0;
    }

    public void MarkDirty(InodeId inode, long from, long to, long nowNanoseconds)
    {
        int slot = SlotOf(inode);
        ref CachedFile file = ref _files[slot];
        DirtyBlocks += file.Dirty.Include(from, to);
        CachedBlocks += file.Cached.Include(from, to);
        if (!file.IsDirty)
            Enqueue(slot, nowNanoseconds);
    }

    public void MarkCached(InodeId inode, long from, long to) =>
        CachedBlocks += _files[SlotOf(inode)].Cached.Include(from, to);

    /// <summary>First dirty part of <c>[from, to)</c> of a file.</summary>
    public bool TryFirstDirtyRange(InodeId inode, long from, long to, out Extent range)
    {
        range = default;
        if (!TryGetSlot(inode, out int slot) || !_files[slot].Dirty.TryFirstRun(from, to, out long start, out long end))
            return false;
        range = new Extent(start, Extent.Delayed, end - start);
        return true;
    }

    /// <summary>First part of <c>[from, to)</c> that is not in memory.</summary>
    public bool TryFirstUncached(InodeId inode, long from, long to, out Extent range)
    {
        if (TryGetSlot(inode, out int slot))
        {
            if (_files[slot].Cached.TryFirstRun(from, to, out long start, out long end) && start == from)
                from = end;
            if (_files[slot].Cached.TryFirstRun(from, to, out start, out _))
                to = start;
        }

        range = new Extent(from, Extent.Delayed, to - from);
        return from < to;
    }

    /// <summary>Declares a range written (or given up after an error); the file leaves the dirty list with its last range.</summary>
    public void MarkClean(InodeId inode, long from, long to)
    {
        if (!TryGetSlot(inode, out int slot) || !_files[slot].IsDirty)
            return;
        DirtyBlocks -= _files[slot].Dirty.Exclude(from, to);
        if (_files[slot].Dirty.IsEmpty)
            Dequeue(slot);
    }

    /// <summary>Drops a range from memory, dirty or not: the blocks were truncated, punched out or deleted.</summary>
    public void Drop(InodeId inode, long from, long to)
    {
        if (!TryGetSlot(inode, out int slot))
            return;
        MarkClean(inode, from, to);
        CachedBlocks -= _files[slot].Cached.Exclude(from, to);
        if (!_files[slot].Cached.IsEmpty)
            return;
        _slotOfInode.Remove(inode.Index);
        _lastInode = default;
        _files[slot] = default;
        _freeSlots.Add(slot);
    }

    /// <summary>Drops everything that is not dirty.</summary>
    public void DropClean()
    {
        foreach ((int inode, int slot) in _slotOfInode.ToArray())
        {
            ref CachedFile file = ref _files[slot];
            if (!file.IsDirty)
            {
                Drop(new InodeId(inode), 0, long.MaxValue);
                continue;
            }

            long next = 0;
            while (file.Dirty.TryFirstRun(next, long.MaxValue, out long start, out long end))
            {
                CachedBlocks -= file.Cached.Exclude(next, start);
                next = end;
            }

            CachedBlocks -= file.Cached.Exclude(next, long.MaxValue);
        }
    }

    /// <summary>Most calls are for the file of the call before.</summary>
    private bool TryGetSlot(InodeId inode, out int slot)
    {
        slot = _lastSlot;
        if (inode == _lastInode)
            return true;
        if (!_slotOfInode.TryGetValue(inode.Index, out slot))
            return false;
        _lastInode = inode;
        _lastSlot = slot;
        return true;
    }

    private int SlotOf(InodeId inode)
    {
        if (TryGetSlot(inode, out int slot))
            return slot;
        if (_freeSlots.Count > 0)
        {
            slot = _freeSlots[^1];
            _freeSlots.RemoveAt(_freeSlots.Count - 1);
        }
        else
        {
            if (_slotCount == _files.Length)
                Array.Resize(ref _files, _slotCount * 2);
            slot = _slotCount++;
        }

        _files[slot] = new CachedFile { Inode = inode.Index };
        _slotOfInode.Add(inode.Index, slot);
        return slot;
    }

    private void Enqueue(int slot, long nowNanoseconds)
    {
        _files[slot].IsDirty = true;
        _files[slot].DirtySinceNanoseconds = nowNanoseconds;
        _files[slot].PreviousDirty = _lastDirty;
        _files[slot].NextDirty = 0;
        if (_lastDirty == 0)
            _firstDirty = slot;
        else
            _files[_lastDirty].NextDirty = slot;
        _lastDirty = slot;
    }

    private void Dequeue(int slot)
    {
        ref CachedFile file = ref _files[slot];
        if (file.PreviousDirty == 0)
            _firstDirty = file.NextDirty;
        else
            _files[file.PreviousDirty].NextDirty = file.NextDirty;
        if (file.NextDirty == 0)
            _lastDirty = file.PreviousDirty;
        else
            _files[file.NextDirty].PreviousDirty = file.PreviousDirty;
        file.IsDirty = false;
    }

    private struct CachedFile
    {
        public int Inode;
        public int NextDirty;
        public int PreviousDirty;
        public bool IsDirty;
        public long DirtySinceNanoseconds;
        public BlockRanges Dirty;
        public BlockRanges Cached;
    }
}
