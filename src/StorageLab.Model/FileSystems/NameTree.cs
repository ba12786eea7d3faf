using StorageLab.Model.Images;

namespace StorageLab.Model.FileSystems;

/// <summary>All names of a file system: an entry per (directory, name), found by hash and listed in order of creation.</summary>
/// <remarks>Several entries may name one inode (hard links). An entry keeps its number until it is removed.
/// Copy on write by page; look-ups, inserts and removals are O(1).</remarks>
internal sealed class NameTree
{
    /// <summary>No entry's number.</summary>
    public const int NoEntry = 0;

    private const int EntryPageShift = 6;
    private const int BucketPageShift = 6;
    private const int BucketCountMin = 64;

    private readonly CowArray<Entry> _entries;
    private readonly CowArray<Directory> _directories;
    private CowArray<int> _buckets;
    private int _freeEntry;
    private int _count;

    public NameTree()
    {
        _entries = new CowArray<Entry>(EntryPageShift);
        _directories = new CowArray<Directory>(EntryPageShift);
        _buckets = new CowArray<int>(BucketPageShift);
        _buckets.EnsureLength(BucketCountMin);
        _entries.Add(default);
    }

    private NameTree(NameTree original)
    {
        _entries = original._entries.Clone();
        _directories = original._directories.Clone();
        _buckets = original._buckets.Clone();
        _freeEntry = original._freeEntry;
        _count = original._count;
    }

    public NameTree Clone() => new(this);

    /// <summary>Number of the entry of a name; <see cref="NoEntry"/> when the directory does not have it.</summary>
    public int Find(InodeId directory, NameId name)
    {
        int entry = _buckets[BucketOf(directory.Index, name.Value)];
        while (entry != NoEntry)
        {
            ref readonly Entry candidate = ref _entries[entry];
            if (candidate.Name == name.Value && candidate.Directory == directory.Index)
                return entry;
            entry = candidate.NextInBucket;
        }

        return NoEntry;
    }

    public bool TryLookup(InodeId directory, NameId name, out InodeId inode)
    {
        int entry = Find(directory, name);
        inode = new InodeId(_entries[entry].Inode);
        return entry != NoEntry;
    }

    /// <summary>Number of names in a directory, without "." and "..".</summary>
    public int CountIn(InodeId directory) => directory.Index < _directories.Length ? _directories[directory.Index].Count : 0;

    /// <summary>The entry that was made first of those in a directory; <see cref="NoEntry"/> in an empty one.</summary>
    public int FirstIn(InodeId directory) => directory.Index < _directories.Length ? _directories[directory.Index].First : NoEntry;

    public IEnumerable<DirectoryEntry> List(InodeId directory)
    {
        int entry = FirstIn(directory);
        while (entry != NoEntry)
        {
            Entry current = _entries[entry];
            yield return new DirectoryEntry(new NameId(current.Name), new InodeId(current.Inode));
            entry = current.NextInDirectory;
        }
    }

    public NameId NameOf(int entry) => new(_entries[entry].Name);

    public InodeId InodeOf(int entry) => new(_entries[entry].Inode);

    /// <summary>Where the format put an entry: whatever number it gave to <see cref="Add"/>.</summary>
    public int PositionOf(int entry) => _entries[entry].Position;

    /// <summary>Notes that the format has moved an existing name.</summary>
    public void Move(InodeId directory, NameId name, int position) => _entries.Mutable(Find(directory, name)).Position = position;

    /// <summary>Adds a name that the directory does not have.</summary>
    /// <param name="position">The format's own number for the entry's place in the directory.</param>
    public void Add(InodeId directory, NameId name, InodeId inode, int position)
    {
        if (_count >= _buckets.Length)
            Grow();
        _directories.EnsureLength(directory.Index + 1);
        ref Directory owner = ref _directories.Mutable(directory.Index);
        int bucket = BucketOf(directory.Index, name.Value);
        Entry entry = new()
        {
            Directory = directory.Index,
            Name = name.Value,
            Inode = inode.Index,
            Position = position,
            NextInBucket = _buckets[bucket],
            PreviousInDirectory = owner.Last,
        };
        int index = Take(entry);
        _buckets.Mutable(bucket) = index;
        if (owner.Last == NoEntry)
            owner.First = index;
        else
            _entries.Mutable(owner.Last).NextInDirectory = index;
        owner.Last = index;
        owner.Count++;
        _count++;
    }

    /// <summary>Lets an entry stand for another inode.</summary>
    public void Repoint(int entry, InodeId inode) => _entries.Mutable(entry).Inode = inode.Index;

    public void Remove(int index)
    {
        Entry entry = _entries[index];
        Unchain(index, entry);
        ref Directory owner = ref _directories.Mutable(entry.Directory);
        if (entry.PreviousInDirectory == NoEntry)
            owner.First = entry.NextInDirectory;
        else
            _entries.Mutable(entry.PreviousInDirectory).NextInDirectory = entry.NextInDirectory;
        if (entry.NextInDirectory == NoEntry)
            owner.Last = entry.PreviousInDirectory;
        else
            _entries.Mutable(entry.NextInDirectory).PreviousInDirectory = entry.PreviousInDirectory;
        owner.Count--;
        _count--;
        _entries.Mutable(index) = new Entry { NextInBucket = _freeEntry };
        _freeEntry = index;
    }

    private int Take(in Entry entry)
    {
        if (_freeEntry == NoEntry)
            return _entries.Add(entry);
        int index = _freeEntry;
        ref Entry slot = ref _entries.Mutable(index);
        _freeEntry = slot.NextInBucket;
        slot = entry;
        return index;
    }

    private void Unchain(int index, in Entry entry)
    {
        int bucket = BucketOf(entry.Directory, entry.Name);
        if (_buckets[bucket] == index)
        {
            _buckets.Mutable(bucket) = entry.NextInBucket;
            return;
        }

        int previous = _buckets[bucket];
        while (_entries[previous].NextInBucket != index)
            previous = _entries[previous].NextInBucket;
        _entries.Mutable(previous).NextInBucket = entry.NextInBucket;
    }

    private void Grow()
    {
        int bucketCount = _buckets.Length * 2;
        _buckets = new CowArray<int>(BucketPageShift);
        _buckets.EnsureLength(bucketCount);
        for (var index = 1; index < _entries.Length; index++)
        {
            if (_entries[index].Name == 0)
                continue;
            ref Entry entry = ref _entries.Mutable(index);
            ref int head = ref _buckets.Mutable(BucketOf(entry.Directory, entry.Name));
            entry.NextInBucket = head;
            head = index;
        }
    }

    private int BucketOf(int directory, int name)
    {
        uint hash = unchecked(((uint)directory * 0x9E3779B1u) ^ ((uint)name * 0x85EBCA77u));
        return (int)((hash ^ (hash >> 15)) & (uint)(_buckets.Length - 1));
    }

    private struct Entry
    {
        public int Directory;
        public int Name;
        public int Inode;
        public int Position;
        public int NextInBucket;
        public int NextInDirectory;
        public int PreviousInDirectory;
    }

    private struct Directory
    {
        public int First;
        public int Last;
        public int Count;
    }
}
