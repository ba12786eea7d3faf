using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>ext4: block groups with bitmaps and inode tables, extents, delayed allocation by mballoc, and jbd2's journal of whole metadata blocks.</summary>
/// <remarks>
/// Sources: fs/ext4 and fs/jbd2 at 6.1, e2fsprogs 1.47. A file counts as open for writing while fsync runs on it, and from its second fsync on
/// until something ends its preallocation, because the model is not told of open and close.
/// </remarks>
public sealed partial class Ext4FileSystem : FileSystem
{
    private const int InodePageShift = 5;

    /// <summary>Longest file: 2^32 - 1 blocks.</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "Linux fs/ext4/super.c: ext4_max_size")]
    private const long LongestFileBytes = (long)uint.MaxValue * Ext4Geometry.BlockBytes;

    /// <summary>Longest initialised extent.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "Linux fs/ext4/ext4_extents.h: EXT_INIT_MAX_LEN")]
    private const long LongestExtentBlockCount = 1 << 15;

    /// <summary>Share of the blocks that only metadata may use when the rest is full: a fiftieth.</summary>
    [ModelConstant(ModelPart.Ext4, "part of the blocks", "Linux fs/ext4/super.c: ext4_calculate_resv_clusters")]
    private const int MetadataReserveDivisor = 50;

    /// <summary>Largest such reserve.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "Linux fs/ext4/super.c: ext4_calculate_resv_clusters")]
    private const int MetadataReserveBlockCountMax = 4096;

    private readonly Ext4Geometry _geometry;
    private readonly Ext4FormatOptions _options;
    private readonly long _overheadBlockCount;
    private readonly BlockGroups _groups;
    private readonly InodeBitmaps _inodeBitmaps;
    private readonly CowArray<Ext4Inode> _inodes;
    private readonly List<FreedRun> _freed = [];
    private readonly HashSet<int> _treesToSettle = [];
    private readonly HashSet<int> _timesLogged = [];
    private FileExtents _journalBlocks;
    private int _journalHead = FileSystems.Ext4.Journal.FirstLogBlock;
    private Journal? _journal;
    private Preallocations? _preallocations;
    private BlockAllocator? _allocator;
    private bool[] _trimmedGroups = [];
    private long _delayedBlockCount;
    private bool _hasNotedMountPoint;
    private bool _isSyncing;
    private int _syncedFile;

    private Ext4FileSystem(IBlockDevice device, Ext4Geometry geometry, Ext4FormatOptions options)
        : base(device)
    {
        _geometry = geometry;
        _options = options;
        _overheadBlockCount = geometry.OverheadBlockCount;
        _groups = new BlockGroups(geometry);
        _inodeBitmaps = new InodeBitmaps(geometry);
        _inodes = new CowArray<Ext4Inode>(InodePageShift);
        _zeroedGroupCount = options.LazyInodeTables ? 0 : geometry.GroupCount;
        Root = MakeRoot();
    }

    private Ext4FileSystem(Ext4FileSystem original, IBlockDevice device)
        : base(original, device)
    {
        _geometry = original._geometry;
        _options = original._options;
        _overheadBlockCount = original._overheadBlockCount;
        _groups = original._groups.Clone();
        _inodeBitmaps = original._inodeBitmaps.Clone();
        _inodes = original._inodes.Clone();
        _journalBlocks = original._journalBlocks;
        _journalHead = original._journalHead;
        _zeroedGroupCount = original._zeroedGroupCount;
    }

    public override string TypeName => "ext4";

    /// <inheritdoc/>
    /// <remarks>Source: fs/ext4/super.c, ext4_statfs: metadata is not in the total, blocks for root are in the free ones, delayed ones are not.</remarks>
    public override FsUsage Usage
    {
        get
        {
            long totalBlocks = _geometry.BlockCount - _overheadBlockCount;
            long usedBlocks = totalBlocks - (_groups.FreeCount - _delayedBlockCount);
            return new FsUsage(
                totalBlocks * Ext4Geometry.BlockBytes,
                usedBlocks * Ext4Geometry.BlockBytes,
                _geometry.InodeCount,
                _geometry.InodeCount - _inodeBitmaps.FreeCount);
        }
    }

    public override bool SupportsReflink => false;

    /// <inheritdoc/>
    /// <remarks>Page by page (fs/ext4/inode.c, ext4_da_write_begin).</remarks>
    public override long WriteUnitBytes => BlockBytes;

    private protected override int BlockBytes => Ext4Geometry.BlockBytes;

    private protected override long ExtentBlockCountMax => LongestExtentBlockCount;

    private protected override long FileSizeBytesMax => LongestFileBytes;

    private Journal Journal => _journal ?? throw new InvalidOperationException("the file system is not mounted");

    private Preallocations Preallocations => _preallocations ?? throw new InvalidOperationException("the file system is not mounted");

    private BlockAllocator Allocator => _allocator ?? throw new InvalidOperationException("the file system is not mounted");

    private long MetadataReserveBlockCount => Math.Min(_geometry.BlockCount / MetadataReserveDivisor, MetadataReserveBlockCountMax);

    private protected override FsStatus MountFormat()
    {
        _journalBlocks.TryFind(0, out Extent journalStart);
        IoStatus status = Device.Read(0, Ext4Geometry.BlockBytes);
        if (status == IoStatus.Ok)
            status = Device.Read(Ext4Geometry.BlockBytes, (long)_geometry.DescriptorBlockCount * Ext4Geometry.BlockBytes);
        if (status == IoStatus.Ok)
            status = Device.Read(_geometry.TableBlockOf(Ext4Geometry.RootInode) * Ext4Geometry.BlockBytes, Ext4Geometry.BlockBytes);
        if (status == IoStatus.Ok)
            status = Device.Read(journalStart.DiskBlock * Ext4Geometry.BlockBytes, Ext4Geometry.BlockBytes);
        // ext4_setup_super: mount time, mount count, and the mark that the journal may need recovery.
        if (status == IoStatus.Ok)
            status = WriteSuperblock();
        if (status != IoStatus.Ok)
            return ToFsStatus(status);
        _journal = new Journal(Device, _journalBlocks, (int)_geometry.JournalBlockCount, _journalHead);
        _preallocations = new Preallocations(_geometry, _groups);
        _allocator = new BlockAllocator(_geometry, _groups, _options.TriesLoadedGroupsFirst ? new LoadedGroups(_geometry, _groups) : null);
        _trimmedGroups = new bool[_geometry.GroupCount];
        _hasNotedMountPoint = false;
        _zeroingDueNanoseconds = null;
        _zeroingWaitNanoseconds = 0;
        return FsStatus.Ok;
    }

    private protected override FsStatus UnmountFormat()
    {
        bool isSound = Fault == FsStatus.Ok;
        FsStatus status = isSound ? CommitTransaction() : Fault;
        if (status == FsStatus.Ok)
            status = ToFsStatus(Journal.Empty());
        if (status == FsStatus.Ok)
            status = ToFsStatus(WriteSuperblock());
        ReleaseFreed();
        Preallocations.DiscardAll();
        RememberJournalHead();
        _treesToSettle.Clear();
        _timesLogged.Clear();
        _syncedFile = 0;
        _journal = null;
        _preallocations = null;
        _allocator = null;
        return status;
    }

    /// <summary>Freezes a mounted original as suspending its device does: the journal is emptied, the superblock marked clean and, at the thaw, in use again
    /// (fs/ext4/super.c, ext4_freeze, ext4_unfreeze).</summary>
    private protected override FileSystem CloneFormat(IBlockDevice device)
    {
        if (IsMounted)
        {
            RememberJournalHead();
            if (Fault == FsStatus.Ok && (Journal.Empty() != IoStatus.Ok || WriteSuperblock() != IoStatus.Ok))
                Fault = FsStatus.ReadOnly;
            ReleaseFreed();
        }

        Ext4FileSystem copy = new(this, device);
        _preallocations?.ClearIn(copy._groups);
        if (IsMounted && Fault == FsStatus.Ok && WriteSuperblock() != IoStatus.Ok)
            Fault = FsStatus.ReadOnly;
        return copy;
    }

    public override FsStatus Fsync(InodeId inode)
    {
        if (_syncedFile != inode.Index && _inodes[_syncedFile].FsyncCount == 1)
            Preallocations.Discard(_syncedFile);
        ref Ext4Inode extra = ref _inodes.Mutable(inode.Index);
        extra.FsyncCount = (byte)Math.Min(extra.FsyncCount + 1, 2);
        _syncedFile = inode.Index;
        _isSyncing = true;
        FsStatus status = base.Fsync(inode);
        _isSyncing = false;
        return status;
    }

    private protected override FsStatus CommitInode(InodeId inode) =>
        Journal.IsInRunning(_geometry.TableBlockOf(InodeAt(inode).DiskNumber)) ? CommitTransaction() : ToFsStatus(Device.Flush());

    /// <inheritdoc/>
    /// <remarks>sync(2) also writes the block device's own dirty buffers, which after the commit are the metadata's home blocks (fs/sync.c, sync_bdevs).</remarks>
    private protected override FsStatus CommitJournal()
    {
        _timesLogged.Clear();
        FsStatus status = CommitTransaction();
        return status == FsStatus.Ok ? ToFsStatus(Journal.WriteHome()) : status;
    }

    private protected override void JournalInode(InodeId inode) => Journal.Touch(_geometry.TableBlockOf(InodeAt(inode).DiskNumber));

    /// <inheritdoc/>
    /// <remarks>Time stamps have the resolution of a tick (4 or 10 ms), and what is written between two sync(2) is taken to fall into one: in recorded run
    /// S2-loop-lvm-dmext4, 64 overwrites with an fsync each made about three commits.</remarks>
    private protected override void LogWrite(InodeId file, bool grows)
    {
        if (_timesLogged.Add(file.Index) || grows)
            LogInode(file);
    }

    private FsStatus CommitTransaction()
    {
        SettleTrees();
        return WriteTransaction();
    }

    private FsStatus WriteTransaction()
    {
        IoStatus status = Journal.Commit();
        if (status == IoStatus.Ok && DiscardsFreed)
            DiscardFreed();
        ReleaseFreed();
        if (status == IoStatus.Ok)
            return FsStatus.Ok;
        // A journal that cannot be written aborts, and the file system goes read-only (fs/ext4/super.c, ext4_handle_error).
        Fault = FsStatus.ReadOnly;
        return ToFsStatus(status);
    }

    /// <summary>Lets the allocator have what committed transactions freed (fs/ext4/mballoc.c, ext4_process_freed_data).</summary>
    private void ReleaseFreed()
    {
        foreach (FreedRun run in _freed)
        {
            _groups.GiveBack(run.Block, run.BlockCount);
            if (_trimmedGroups.Length > 0)
                _trimmedGroups[Ext4Geometry.GroupOf(run.Block)] = false;
        }

        _freed.Clear();
    }

    /// <summary>ext4_issue_discard: freed runs that lie side by side in one group go as one; a discard that fails is forgotten.</summary>
    private void DiscardFreed()
    {
        _freed.Sort((left, right) => left.Block.CompareTo(right.Block));
        for (var first = 0; first < _freed.Count;)
        {
            long start = _freed[first].Block;
            long end = start + _freed[first].BlockCount;
            int next = first + 1;
            for (; next < _freed.Count && _freed[next].Block == end && Ext4Geometry.GroupOf(end) == Ext4Geometry.GroupOf(start); next++)
                end += _freed[next].BlockCount;
            _ = Device.Discard(start * Ext4Geometry.BlockBytes, (end - start) * Ext4Geometry.BlockBytes);
            first = next;
        }
    }

    private void RememberJournalHead() =>
        _journalHead = _options.JournalKeepsPlaceAcrossMounts ? Journal.Head : FileSystems.Ext4.Journal.FirstLogBlock;

    private IoStatus WriteSuperblock() => Device.Write(0, Ext4Geometry.BlockBytes);

    /// <summary>Blocks of one group that a transaction not yet committed has freed.</summary>
    private readonly record struct FreedRun(long Block, int BlockCount);
}
