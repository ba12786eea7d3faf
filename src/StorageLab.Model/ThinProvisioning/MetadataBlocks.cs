using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>
/// The metadata device as 4 KiB blocks with addresses, and the space map that counts references to them - and takes its own blocks from
/// itself.
/// </summary>
/// <remarks>
/// Changing a count may copy a bitmap block, which changes further counts. As in the kernel such changes are queued and worked off by the
/// outermost one.
/// Source: drivers/md/persistent-data/dm-space-map-metadata.c and dm-transaction-manager.c.
/// </remarks>
internal sealed class MetadataBlocks
{
    /// <summary>A metadata block.</summary>
    [ModelConstant(ModelPart.Metadata, "bytes", "Linux drivers/md/dm-thin-metadata.h: THIN_METADATA_BLOCK_SIZE")]
    public const int BlockBytes = 4096;

    /// <summary>Counts of 2 bits in a bitmap block behind its header of 16 bytes.</summary>
    [ModelConstant(ModelPart.Metadata, "blocks", "Linux drivers/md/persistent-data/dm-space-map-common.h: struct disk_bitmap_header")]
    public const int EntriesPerBitmap = (BlockBytes - 16) * 4;

    /// <summary>Bitmaps that the index block has room for.</summary>
    [ModelConstant(ModelPart.Metadata, "bitmaps", "Linux drivers/md/persistent-data/dm-space-map-metadata.h: MAX_METADATA_BITMAPS")]
    public const int BitmapCountMax = 255;

    /// <summary>Counts above this one stand in the overflow tree, because a bitmap has 2 bits for each.</summary>
    [ModelConstant(ModelPart.Metadata, "references", "Linux drivers/md/persistent-data/dm-space-map-common.c: sm_ll_lookup")]
    public const int BitmapCountLimit = 2;

    /// <summary>A reference count above two.</summary>
    [ModelConstant(ModelPart.Metadata, "bytes", "Linux drivers/md/persistent-data/dm-space-map-common.c: sm_ll_init, ref_count_info")]
    private const int OverflowValueBytes = 4;

    /// <summary>Where the superblock lies.</summary>
    [ModelConstant(ModelPart.Metadata, "metadata block", "Linux drivers/md/dm-thin-metadata.c: THIN_SUPERBLOCK_LOCATION")]
    private const int SuperblockAddress = 0;

    private readonly IBlockDevice _device;
    private readonly ReferenceCounts _counts;
    private readonly BTree _overflow;
    private readonly int[] _bitmapAddresses;
    private readonly long[] _bitmapTransactions;
    private readonly int[] _committedBitmapAddresses;
    private readonly Queue<Change> _pending = new();
    private readonly List<int> _written = [];
    private readonly List<(BTreeNode Node, BTree Tree)> _retired = [];
    private BTreeNode?[] _nodes = new BTreeNode?[256];
    private BTree?[] _trees = new BTree?[256];
    private int _committedIndexAddress;
    private long _indexTransaction;
    private int _committedOverflowRoot;
    private bool _isChanging;
    private bool _haveBitmapsChanged;

    /// <summary>Formats the device: superblock, index, overflow root and bitmaps, in the order in which the kernel takes them.</summary>
    public MetadataBlocks(IBlockDevice device, ThinKernelTraits traits)
    {
        _device = device;
        BlockCount = (int)Math.Min(device.LengthBytes / BlockBytes, (long)BitmapCountMax * EntriesPerBitmap);
        _counts = new ReferenceCounts(BlockCount, traits.ResetsCursorAtCommit);
        _overflow = new BTree(this, OverflowValueBytes, valueWords: 0, traits.FillsSiblings, owner: null);
        int bitmapCount = (BlockCount + EntriesPerBitmap - 1) / EntriesPerBitmap;
        _bitmapAddresses = new int[bitmapCount];
        _bitmapTransactions = new long[bitmapCount];
        _committedBitmapAddresses = new int[bitmapCount];
        ReserveBlockCount = (int)ReserveOf(traits, BlockCount);
        Format();
    }

    /// <summary>Most blocks a newer kernel holds back and counts as used: 16 MiB.</summary>
    [ModelConstant(ModelPart.Metadata, "blocks", "Linux drivers/md/dm-thin-metadata.c: __set_metadata_reserve")]
    private const int ReserveBlockCountMax = 4096;

    /// <summary>Smaller devices hold back this part of their blocks.</summary>
    [ModelConstant(ModelPart.Metadata, "part of the blocks", "Linux drivers/md/dm-thin-metadata.c: __set_metadata_reserve")]
    private const int ReserveDivisor = 10;

    /// <summary>Blocks that a kernel holds back of so many.</summary>
    public static long ReserveOf(ThinKernelTraits traits, long blockCount) =>
        traits.ReservesMetadata ? Math.Min(ReserveBlockCountMax, blockCount / ReserveDivisor) : 0;

    /// <summary>Number of the running transaction; blocks written in it may be changed in place.</summary>
    public long Transaction { get; private set; } = 1;

    public int BlockCount { get; }

    public int ReserveBlockCount { get; }

    /// <summary>Blocks in use, without the reserve.</summary>
    public int UsedCount => _counts.UsedCount;

    /// <summary>Blocks that this transaction may still take, the reserve left out.</summary>
    public int AvailableCount => Math.Max(0, _counts.AvailableCount - ReserveBlockCount);

    /// <summary>Block of the index, which names the bitmaps.</summary>
    public int IndexAddress { get; private set; }

    /// <summary>Root of the tree whose keys are the blocks with a count above 2.</summary>
    public int OverflowRoot { get; private set; }

    public ReadOnlySpan<int> BitmapAddresses => _bitmapAddresses;

    public BTreeNode Node(int address) => _nodes[address]!;

    public int Count(int address) => _counts[address];

    public void Increment(int address) => Add(address, 1);

    /// <summary>Ends a reference; a block without any is free from the next commit on.</summary>
    public void Decrement(int address)
    {
        if (Add(address, -1) == 1 && _nodes[address] is { } node)
            _retired.Add((node, _trees[address]!));
    }

    /// <summary>Takes a free block.</summary>
    /// <exception cref="MetadataExhaustedException">There is none.</exception>
    public int Allocate()
    {
        int address = _counts.FindFree();
        if (address < 0)
            throw new MetadataExhaustedException();
        _written.Add(address);
        if (address < _nodes.Length)
            _nodes[address] = null;
        _ = Add(address, 1);
        return address;
    }

    /// <summary>Gives a node a block of its own.</summary>
    public void Place(BTreeNode node, BTree tree)
    {
        int address = Allocate();
        if (address >= _nodes.Length)
        {
            int length = Math.Max(address + 1, Math.Min(BlockCount, _nodes.Length * 2));
            Array.Resize(ref _nodes, length);
            Array.Resize(ref _trees, length);
        }

        node.Address = address;
        node.Transaction = Transaction;
        _nodes[address] = node;
        _trees[address] = tree;
    }

    /// <summary>
    /// Settles the space map and writes every block of the transaction, a run of adjacent ones in one request, then the superblock.
    /// </summary>
    /// <returns>What the device said; anything but Ok leaves the transaction open, to be rolled back.</returns>
    /// <exception cref="MetadataExhaustedException">The space map found no block for itself.</exception>
    public IoStatus Commit()
    {
        if (_haveBitmapsChanged && _indexTransaction != Transaction)
        {
            int before = IndexAddress;
            IndexAddress = Allocate();
            _indexTransaction = Transaction;
            Decrement(before);
        }

        IoStatus status = WriteBlocks();
        if (status == IoStatus.Ok)
            status = _device.Flush();
        if (status == IoStatus.Ok)
            status = _device.Write(SuperblockAddress, BlockBytes);
        if (status == IoStatus.Ok)
            status = _device.Flush();
        if (status == IoStatus.Ok)
            Settle();
        return status;
    }

    /// <summary>
    /// Goes back to the last commit. The caller counts the references of its own trees anew with <see cref="CountTree"/>.
    /// </summary>
    public void Rollback()
    {
        _counts.Reset();
        _pending.Clear();
        _retired.Clear();
        _written.Clear();
        _isChanging = false;
        _haveBitmapsChanged = false;
        _committedBitmapAddresses.CopyTo(_bitmapAddresses, 0);
        IndexAddress = _committedIndexAddress;
        OverflowRoot = _committedOverflowRoot;
        Transaction++;
        _ = _counts.Add(SuperblockAddress, 1);
        _ = _counts.Add(IndexAddress, 1);
        foreach (int address in _bitmapAddresses)
            _ = _counts.Add(address, 1);
        CountTree(OverflowRoot, null);
    }

    /// <summary>Starts the search for free blocks at block 0 again.</summary>
    public void ResetCursor() => _counts.ResetCursor();

    /// <summary>After a rollback: counts a block that is no tree node.</summary>
    public void CountBlock(int address) => _ = _counts.Add(address, 1);

    /// <summary>After a rollback: counts a reference to a tree and, the first time, all references in it.</summary>
    /// <param name="visitLeaf">Called once for every leaf, or null.</param>
    public void CountTree(int root, Action<BTreeNode>? visitLeaf)
    {
        if (_counts.Add(root, 1) > 0)
            return;
        BTreeNode node = Node(root);
        if (node.IsLeaf)
        {
            visitLeaf?.Invoke(node);
            return;
        }

        for (var i = 0; i < node.EntryCount; i++)
            CountTree(node.Child(i), visitLeaf);
    }

    /// <summary>After the trees were counted: what is counted is what the last commit left.</summary>
    public void EndRollback() => _counts.Commit();

    private void Format()
    {
        // Bitmaps cannot record themselves before they exist: all of the first transaction's blocks have a count of 1,
        // which needs no overflow entry, so the queued changes may be dropped.
        _isChanging = true;
        _ = Allocate();
        _written.Clear();
        IndexAddress = Allocate();
        _indexTransaction = Transaction;
        OverflowRoot = _overflow.CreateEmpty();
        for (var i = 0; i < _bitmapAddresses.Length; i++)
        {
            _bitmapAddresses[i] = Allocate();
            _bitmapTransactions[i] = Transaction;
        }

        _pending.Clear();
        _isChanging = false;
    }

    private int Add(int address, int delta)
    {
        int before = _counts.Add(address, delta);
        if (Math.Max(before, before + delta) <= BitmapCountLimit && _bitmapTransactions[address / EntriesPerBitmap] == Transaction)
            return before;
        var change = new Change(address, before, before + delta);
        if (_isChanging)
        {
            _pending.Enqueue(change);
            return before;
        }

        _isChanging = true;
        Record(change);
        while (_pending.TryDequeue(out Change next))
            Record(next);
        _isChanging = false;
        return before;
    }

    private void Record(Change change)
    {
        ShadowBitmap(change.Address / EntriesPerBitmap);
        if (change.After > BitmapCountLimit)
            OverflowRoot = BTreeInsertion.Insert(_overflow, OverflowRoot, (uint)change.Address, [], out _);
        else if (change.Before > BitmapCountLimit)
            OverflowRoot = BTreeRemoval.Remove(_overflow, OverflowRoot, (uint)change.Address);
    }

    private void ShadowBitmap(int bitmap)
    {
        if (_bitmapTransactions[bitmap] == Transaction)
            return;
        _bitmapTransactions[bitmap] = Transaction;
        _haveBitmapsChanged = true;
        int before = _bitmapAddresses[bitmap];
        _bitmapAddresses[bitmap] = Allocate();
        Decrement(before);
    }

    private IoStatus WriteBlocks()
    {
        var status = IoStatus.Ok;
        for (var first = 0; first < _written.Count && status == IoStatus.Ok;)
        {
            int end = first + 1;
            while (end < _written.Count && _written[end] == _written[end - 1] + 1)
                end++;
            status = _device.Write((long)_written[first] * BlockBytes, (long)(end - first) * BlockBytes);
            first = end;
        }

        return status;
    }

    private void Settle()
    {
        _counts.Commit();
        _bitmapAddresses.CopyTo(_committedBitmapAddresses, 0);
        _committedIndexAddress = IndexAddress;
        _committedOverflowRoot = OverflowRoot;
        foreach ((BTreeNode node, BTree tree) in _retired)
        {
            // A block taken and given back in one transaction may have been taken again since.
            if (ReferenceEquals(_nodes[node.Address], node))
                _nodes[node.Address] = null;
            tree.Recycle(node);
        }

        _retired.Clear();
        _written.Clear();
        _haveBitmapsChanged = false;
        Transaction++;
    }

    private readonly record struct Change(int Address, int Before, int After);
}
