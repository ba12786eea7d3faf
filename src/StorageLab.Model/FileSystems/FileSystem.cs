using System.Numerics;
using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;
using StorageLab.Model.Images;

namespace StorageLab.Model.FileSystems;

/// <summary>What xfs and ext4 have in common: names, inodes, extents, the page cache and delayed allocation. A format adds where things lie on the device and its journal.</summary>
/// <remarks>
/// State lies in copy-on-write pages, so <see cref="CloneOnto"/> costs a pointer per page. A buffered write reserves space and marks pages
/// dirty; blocks are chosen when a file is written back, in the order files became dirty.
/// Hooks are called inside the operation they belong to; one that fails must have changed nothing.
/// </remarks>
public abstract partial class FileSystem : IFileSystem
{
    /// <summary>Dirty data at which the kernel starts to write back on its own.</summary>
    [ModelConstant(ModelPart.FileSystem, "bytes",
        "Linux Documentation/admin-guide/sysctl/vm.rst: dirty_background_ratio, 10 % of free memory; assumption: a host of 4 GiB")]
    private const long BackgroundDirtyBytes = 400L << 20;

    private const int InodePageShift = 5;

    private const int BitPageShift = 4;
    private const int DirectoriesPerWord = 64;

    private readonly NameTree _names;
    private readonly CowArray<Inode> _inodes;

    /// <summary>A bit for every inode that is a directory.</summary>
    private readonly CowArray<ulong> _directories;

    private PageCache? _cache;

    /// <summary>Files whose size or blocks have changed since the last commit: what fdatasync has to make durable.</summary>
    private HashSet<int> _changedMaps = [];
    private object _owner = new();
    private readonly HashSet<InodeId> _changedSinceWalk = [];
    private int _freeInode;
    private bool _isWalked;

    private protected FileSystem(IBlockDevice device)
    {
        Device = device;
        _names = new NameTree();
        _inodes = new CowArray<Inode>(InodePageShift);
        _directories = new CowArray<ulong>(BitPageShift);
        _inodes.EnsureLength(1);
    }

    /// <summary>The copy through a snapshot: <paramref name="original"/> must have nothing dirty.</summary>
    private protected FileSystem(FileSystem original, IBlockDevice device)
    {
        Device = device;
        Clock = original.Clock;
        original._owner = new object();
        _names = original._names.Clone();
        _inodes = original._inodes.Clone();
        _directories = original._directories.Clone();
        _freeInode = original._freeInode;
        _isWalked = original._isWalked;
        _changedSinceWalk.UnionWith(original._changedSinceWalk);
        Root = original.Root;
    }

    public abstract string TypeName { get; }

    public IBlockDevice Device { get; }

    /// <summary>The root directory; the format sets it when it makes the file system.</summary>
    public InodeId Root { get; private protected init; }

    public bool IsMounted => _cache is not null;

    public abstract FsUsage Usage { get; }

    public long CachedBytes => (_cache?.CachedBlocks ?? 0) * BlockBytes;

    public virtual long SharedBytes => 0;

    public abstract bool SupportsReflink { get; }

    public abstract long WriteUnitBytes { get; }

    /// <summary>File-system block, in bytes.</summary>
    private protected abstract int BlockBytes { get; }

    /// <summary>Longest extent the format can record, in blocks.</summary>
    private protected abstract long ExtentBlockCountMax { get; }

    /// <summary>Longest file the format can hold, in bytes.</summary>
    private protected abstract long FileSizeBytesMax { get; }

    /// <summary>Ok, or what every change is refused with since a fault: IoError after a shutdown, ReadOnly after a remount.</summary>
    private protected FsStatus Fault { get; set; }

    /// <summary>Whether this mount discards what a committed transaction has freed.</summary>
    private protected bool DiscardsFreed { get; private set; }

    private protected NameTree Names => _names;

    /// <summary>Identity to give to <see cref="FileExtents"/> when changing them.</summary>
    private protected object Owner => _owner;

    /// <summary>Indices in use or free: every inode's index is below it.</summary>
    private protected int InodeIndexLimit => _inodes.Length;

    private PageCache Cache => _cache ?? throw new InvalidOperationException("the file system is not mounted");

    public FsStatus Mount(bool discardsFreed = false)
    {
        if (IsMounted)
            throw new InvalidOperationException("the file system is already mounted");
        DiscardsFreed = discardsFreed && Device.Limits.TakesDiscards;
        FsStatus status = MountFormat();
        if (status == FsStatus.Ok)
            _cache = new PageCache();
        _hasWrittenBack = false;
        return status;
    }

    public FsStatus Unmount()
    {
        FsStatus status = WriteBackAll();
        FsStatus detached = UnmountFormat();
        _cache = null;
        _flusherDueNanoseconds = long.MaxValue;
        _flusherStatus = FsStatus.Ok;
        Fault = FsStatus.Ok;
        return status == FsStatus.Ok ? detached : status;
    }

    /// <inheritdoc/>
    /// <remarks>A mounted original is synced first: suspending a device for a snapshot freezes the file system on it
    /// (drivers/md/dm.c, lock_fs).</remarks>
    public IFileSystem CloneOnto(IBlockDevice device)
    {
        if (IsMounted)
            Sync();
        return CloneFormat(device);
    }

    public virtual FsStatus Fsync(InodeId inode)
    {
        PassTime();
        FsStatus status = TakeFlusherStatus(WriteBack(inode, 0, long.MaxValue));
        FsStatus logged = Fault == FsStatus.Ok ? CommitInode(inode) : Fault;
        ForgetChangedMaps();
        return status == FsStatus.Ok ? logged : status;
    }

    /// <inheritdoc/>
    /// <remarks>fs/xfs/xfs_file.c, xfs_fsync_seq: a log force unless only times are dirty; fs/ext4/fsync.c: the transaction of i_datasync_tid. The device
    /// is flushed in either case.</remarks>
    public FsStatus Fdatasync(InodeId inode)
    {
        PassTime();
        FsStatus status = TakeFlusherStatus(WriteBack(inode, 0, long.MaxValue));
        if (status != FsStatus.Ok || Fault != FsStatus.Ok)
            return status == FsStatus.Ok ? Fault : status;
        if (!_changedMaps.Contains(inode.Index))
            return ToFsStatus(Device.Flush());
        ForgetChangedMaps();
        return CommitInode(inode);
    }

    public FsStatus Sync()
    {
        PassTime();
        FsStatus status = TakeFlusherStatus(WriteBackAll());
        FsStatus logged = Fault == FsStatus.Ok ? CommitJournal() : Fault;
        ForgetChangedMaps();
        return status == FsStatus.Ok ? logged : status;
    }

    /// <summary>A set that has grown large is not cleared again and again.</summary>
    private void ForgetChangedMaps()
    {
        const int kept = 1024;
        if (_changedMaps.Count > kept)
            _changedMaps = [];
        else
            _changedMaps.Clear();
    }

    public FsStatus DropCaches()
    {
        Cache.DropClean();
        return Fault == FsStatus.Ok ? ReclaimInodes() : Fault;
    }

    public virtual long? RunBackground(VirtualClock clock) => null;

    public FsStatus Trim(out long trimmedBytes)
    {
        trimmedBytes = 0;
        if (!Device.Limits.TakesDiscards)
            return FsStatus.NotSupported;
        return Fault == FsStatus.Ok ? TrimFormat(out trimmedBytes) : Fault;
    }

    public InodeStat Stat(InodeId inode)
    {
        ref readonly Inode record = ref _inodes[inode.Index];
        return new InodeStat(record.Kind, record.SizeBytes, record.AllocatedBlocks * BlockBytes, record.LinkCount);
    }

    public void NoteRead(InodeId inode)
    {
        if (Fault != FsStatus.Ok || HasFreshAccessTime(inode))
            return;
        if (!_changedSinceWalk.Remove(inode))
            MutableInode(inode).HasFreshAccessTime = true;
        JournalInode(inode);
    }

    /// <inheritdoc/>
    /// <remarks>Costs a look at every inode the first time, and after that what has changed since.</remarks>
    public void NoteWalk()
    {
        if (Fault != FsStatus.Ok)
            return;
        if (_isWalked)
        {
            foreach (InodeId inode in _changedSinceWalk)
                NoteWalked(inode);
        }
        else
        {
            for (var word = 0; word < _directories.Length; word++)
            {
                for (ulong left = _directories[word]; left != 0; left &= left - 1)
                    NoteWalked(new InodeId((word * DirectoriesPerWord) + BitOperations.TrailingZeroCount(left)));
            }
        }

        _isWalked = true;
        _changedSinceWalk.Clear();
    }

    private void NoteWalked(InodeId inode)
    {
        ref readonly Inode record = ref InodeAt(inode);
        if (record.Kind == InodeKind.Directory && !record.HasFreshAccessTime && inode != Root)
            JournalInode(inode);
    }

    private bool HasFreshAccessTime(InodeId inode)
    {
        ref readonly Inode record = ref InodeAt(inode);
        return record.HasFreshAccessTime || (_isWalked && record.Kind == InodeKind.Directory && !_changedSinceWalk.Contains(inode));
    }

    public virtual void CheckInvariants() => CheckNamespace();

    private protected static FsStatus ToFsStatus(IoStatus status) => status switch
    {
        IoStatus.Ok => FsStatus.Ok,
        IoStatus.NoSpace => FsStatus.NoSpace,
        IoStatus.ReadOnly => FsStatus.ReadOnly,
        IoStatus.NotSupported => FsStatus.NotSupported,
        _ => FsStatus.IoError,
    };

    /// <summary>The inode for reading.</summary>
    private protected ref readonly Inode InodeAt(InodeId inode) => ref _inodes[inode.Index];

    /// <summary>The inode for writing.</summary>
    private protected ref Inode MutableInode(InodeId inode) => ref _inodes.Mutable(inode.Index);

    /// <summary>Takes a free index for an inode; the format still has to give it a place.</summary>
    private protected InodeId NewInode(InodeKind kind)
    {
        int index = _freeInode != 0 ? _freeInode : _inodes.Add(default);
        ref Inode record = ref _inodes.Mutable(index);
        if (index == _freeInode)
            _freeInode = (int)record.DiskNumber;
        record = new Inode { Kind = kind, LinkCount = kind == InodeKind.Directory ? 2 : 1 };
        if (kind == InodeKind.Directory)
        {
            _directories.EnsureLength((index / DirectoriesPerWord) + 1);
            _directories.Mutable(index / DirectoriesPerWord) |= 1UL << index;
        }

        return new InodeId(index);
    }

    private void ForgetInode(InodeId inode)
    {
        if (InodeAt(inode).Kind == InodeKind.Directory)
            _directories.Mutable(inode.Index / DirectoriesPerWord) &= ~(1UL << inode.Index);
        // A free inode's number links to the next free one.
        _inodes.Mutable(inode.Index) = new Inode { DiskNumber = _freeInode };
        _freeInode = inode.Index;
    }

    /// <summary>What a mount reads and writes.</summary>
    private protected abstract FsStatus MountFormat();

    /// <summary>What an unmount writes once all data is written: log, metadata, a clean mark. Must detach even when it fails.</summary>
    private protected abstract FsStatus UnmountFormat();

    private protected abstract FileSystem CloneFormat(IBlockDevice device);

    /// <summary>Gives a new inode its number on the disk and logs it; a symbolic link also its target's place.</summary>
    private protected abstract FsStatus PlaceInode(InodeId parent, InodeId inode, int symlinkLengthBytes);

    /// <summary>Frees the number of an inode whose data blocks are gone already.</summary>
    private protected abstract void ReleaseInode(InodeId inode);

    /// <summary>Makes room for an entry in the directory's blocks and logs it.</summary>
    /// <param name="position">The format's own number for the entry's place, given back by <see cref="NameTree.PositionOf"/>.</param>
    private protected abstract FsStatus AddName(InodeId directory, NameId name, InodeId inode, out int position);

    /// <summary>Takes an entry out of the directory's blocks; the name is still in <see cref="Names"/>.</summary>
    private protected abstract void RemoveName(InodeId directory, NameId name, int position);

    /// <summary>Lets an entry name another inode, in place.</summary>
    private protected abstract void RewriteName(InodeId directory, NameId name, int position);

    /// <summary>Logs a change of the inode itself: times, size, mode, link count.</summary>
    private protected void LogInode(InodeId inode)
    {
        ref readonly Inode record = ref InodeAt(inode);
        if (_isWalked && record.Kind == InodeKind.Directory)
            _changedSinceWalk.Add(inode);
        if (record.HasFreshAccessTime)
            MutableInode(inode).HasFreshAccessTime = false;
        JournalInode(inode);
    }

    /// <summary>Adds the inode's place on the disk to what the journal writes next.</summary>
    private protected abstract void JournalInode(InodeId inode);

    /// <summary>Makes room in the inode, or in a block beside it, for attributes that it does not have yet, and logs that.</summary>
    private protected abstract FsStatus StoreExtendedAttributes(InodeId inode, ExtendedAttributes added);

    /// <summary>Sets aside room for data blocks to be placed later, and for the mapping blocks they may need.</summary>
    private protected abstract FsStatus ReserveDelayed(InodeId file, long blockCount);

    /// <summary>Returns a reservation without using it.</summary>
    private protected abstract void UnreserveDelayed(InodeId file, long blockCount);

    /// <summary>Chooses disk blocks for a delayed extent, or at least for the part of it that holds <paramref name="fileBlock"/>, and
    /// puts them into the inode in its place.</summary>
    private protected abstract FsStatus PlaceDelayed(InodeId file, in Extent delayed, long fileBlock);

    /// <summary>Frees the blocks of an extent, or of a part of one, that has just left the inode.</summary>
    private protected abstract void FreeBlocks(InodeId file, in Extent extent);

    /// <summary>Makes the inode's own changes durable: fsync after its data is written.</summary>
    private protected abstract FsStatus CommitInode(InodeId inode);

    /// <summary>Makes all logged changes durable: sync after all data is written.</summary>
    private protected abstract FsStatus CommitJournal();

    /// <summary>Does what the format does when memory is short of inodes.</summary>
    private protected virtual FsStatus ReclaimInodes() => FsStatus.Ok;

    private protected abstract FsStatus TrimFormat(out long trimmedBytes);
}
