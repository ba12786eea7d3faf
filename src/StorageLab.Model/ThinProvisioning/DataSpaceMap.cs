using System.Runtime.CompilerServices;
using StorageLab.Model.Constants;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>
/// Counts how many mapping leaves name each data block, and hands out free ones. Its bitmaps, their index and the tree of counts above 2
/// live on the
/// metadata device and are copied on write like everything there.
/// </summary>
/// <remarks>Source: drivers/md/persistent-data/dm-space-map-disk.c and dm-space-map-common.c.</remarks>
internal sealed class DataSpaceMap : IBTreeValueOwner
{
    /// <summary>A bitmap's entry in the index of a space map.</summary>
    [ModelConstant(ModelPart.Metadata, "bytes", "Linux drivers/md/persistent-data/dm-space-map-common.h: struct disk_index_entry")]
    private const int IndexValueBytes = 16;

    /// <summary>A reference count above two.</summary>
    [ModelConstant(ModelPart.Metadata, "bytes", "Linux drivers/md/persistent-data/dm-space-map-common.c: sm_ll_init, ref_count_info")]
    private const int OverflowValueBytes = 4;

    // Half as many blocks as an overflow leaf has keys at most.
    private const int LeafRunShift = 7;

    private readonly MetadataBlocks _blocks;
    private readonly ReferenceCounts _counts;
    private readonly BTree _index;
    private readonly BTree _overflow;
    private readonly int[] _bitmapAddresses;
    private readonly long[] _bitmapTransactions;
    private int _committedIndexRoot;
    private int _committedOverflowRoot;

    // Blocks whose bitmap and overflow leaf are writable: a count above the limit that stays above it changes nothing but itself.
    private int _settledFirst;
    private int _settledLast = -1;

    // The overflow leaf that was last found for each run of blocks: while it is writable, counting its keys up or down changes nothing more.
    private readonly BTreeNode?[] _leaves;

    /// <summary>Makes the two empty trees, as formatting does; the bitmaps come with <see cref="Extend"/>.</summary>
    public DataSpaceMap(MetadataBlocks blocks, int blockCount, ThinKernelTraits traits)
    {
        _blocks = blocks;
        _counts = new ReferenceCounts(blockCount, traits.ResetsCursorAtCommit);
        _index = new BTree(blocks, IndexValueBytes, valueWords: 1, traits.FillsSiblings, owner: null);
        _overflow = new BTree(blocks, OverflowValueBytes, valueWords: 0, traits.FillsSiblings, owner: null);
        int bitmapCount = (blockCount + MetadataBlocks.EntriesPerBitmap - 1) / MetadataBlocks.EntriesPerBitmap;
        _bitmapAddresses = new int[bitmapCount];
        _bitmapTransactions = new long[bitmapCount];
        _leaves = new BTreeNode?[(blockCount >> LeafRunShift) + 1];
        IndexRoot = _index.CreateEmpty();
        OverflowRoot = _overflow.CreateEmpty();
    }

    public int BlockCount => _counts.BlockCount;

    public int UsedCount => _counts.UsedCount;

    /// <summary>Blocks that may be handed out before the next commit.</summary>
    public int AvailableCount => _counts.AvailableCount;

    /// <summary>Root of the tree that names the bitmaps.</summary>
    public int IndexRoot { get; private set; }

    /// <summary>Root of the tree whose keys are the blocks with a count above 2.</summary>
    public int OverflowRoot { get; private set; }

    public ReadOnlySpan<int> BitmapAddresses => _bitmapAddresses;

    public int Count(int block) => _counts[block];

    /// <summary>Writes empty bitmaps for all data blocks (sm_ll_extend), which happens when the pool is first resumed.</summary>
    public void Extend()
    {
        for (var i = 0; i < _bitmapAddresses.Length; i++)
        {
            _bitmapAddresses[i] = _blocks.Allocate();
            _bitmapTransactions[i] = _blocks.Transaction;
            SaveIndexEntry(i);
        }
    }

    /// <summary>Takes the next free block with a count of 1; the caller has made sure that there is one.</summary>
    public int Allocate()
    {
        int block = _counts.FindFree();
        if (block < 0)
            throw new InvalidOperationException("a data block was asked for and none is free");
        Increment(block);
        return block;
    }

    public void Increment(int block) => _ = Add(block, 1);

    /// <returns>The count left.</returns>
    public int Decrement(int block) => Add(block, -1);

    public void Increment(ReadOnlySpan<ulong> values) => AddToAll(values, 1);

    public void Decrement(ReadOnlySpan<ulong> values) => AddToAll(values, -1);

    public bool RefersToSame(ulong left, ulong right) => PackedMapping.DataBlock(left) == PackedMapping.DataBlock(right);

    /// <summary>To be called after the metadata were written.</summary>
    public void Commit()
    {
        _counts.Commit();
        _settledLast = -1;
        _committedIndexRoot = IndexRoot;
        _committedOverflowRoot = OverflowRoot;
    }

    /// <summary>Starts the search for free blocks at block 0 again.</summary>
    public void ResetCursor() => _counts.ResetCursor();

    /// <summary>Goes back to the last commit; the mappings are counted anew with <see cref="CountLeaf"/>.</summary>
    public void Rollback()
    {
        _counts.Reset();
        _settledLast = -1;
        IndexRoot = _committedIndexRoot;
        OverflowRoot = _committedOverflowRoot;
        _blocks.CountTree(OverflowRoot, null);
        _blocks.CountTree(IndexRoot, CountBitmaps);
    }

    public void CountLeaf(BTreeNode leaf)
    {
        for (var i = 0; i < leaf.EntryCount; i++)
            _ = _counts.Add(PackedMapping.DataBlock(leaf.Values[i]), 1);
    }

    /// <summary>After all mappings were counted: what is counted is what the last commit left.</summary>
    public void EndRollback() => _counts.Commit();

    private void CountBitmaps(BTreeNode leaf)
    {
        for (var i = 0; i < leaf.EntryCount; i++)
        {
            var address = (int)leaf.Values[i];
            _bitmapAddresses[leaf.Keys[i]] = address;
            _blocks.CountBlock(address);
        }
    }

    private void AddToAll(ReadOnlySpan<ulong> values, int delta)
    {
        foreach (ulong value in values)
        {
            int block = PackedMapping.DataBlock(value);
            if (!TryAddSettled(block, delta, out _))
                _ = Add(block, delta);
        }
    }

    private int Add(int block, int delta)
    {
        if (TryAddSettled(block, delta, out int after))
            return after;
        int before = _counts.Add(block, delta);
        Record(block, before, before + delta);
        return before + delta;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryAddSettled(int block, int delta, out int after)
    {
        after = 0;
        return block >= _settledFirst && block <= _settledLast && _counts.TryAddAbove(block, delta, MetadataBlocks.BitmapCountLimit, out after);
    }

    private void Record(int block, int before, int after)
    {
        int bitmap = block / MetadataBlocks.EntriesPerBitmap;
        if (_bitmapTransactions[bitmap] != _blocks.Transaction)
            ShadowBitmap(bitmap);
        if (Math.Max(before, after) <= MetadataBlocks.BitmapCountLimit)
            return;
        if (after <= MetadataBlocks.BitmapCountLimit)
            OverflowRoot = BTreeRemoval.Remove(_overflow, OverflowRoot, (uint)block);
        else if (before <= MetadataBlocks.BitmapCountLimit || !IsWritable((uint)block))
            Touch((uint)block);
        Settle((uint)block, bitmap);
    }

    private void ShadowBitmap(int bitmap)
    {
        int before = _bitmapAddresses[bitmap];
        _bitmapAddresses[bitmap] = _blocks.Allocate();
        _bitmapTransactions[bitmap] = _blocks.Transaction;
        _blocks.Decrement(before);
        SaveIndexEntry(bitmap);
    }

    private void SaveIndexEntry(int bitmap)
    {
        IndexRoot = BTreeInsertion.Insert(_index, IndexRoot, (uint)bitmap, (ulong)_bitmapAddresses[bitmap], out _);
    }

    // Whether a descent to a block that has its key would find nothing to copy and nothing to split. A node that was merged away in this
    // transaction may still say so: its keys have gone to a node that is writable, too.
    private bool IsWritable(uint block) =>
        _leaves[block >> LeafRunShift] is { IsLeaf: true, EntryCount: > 0 } leaf
        && leaf.Transaction == _blocks.Transaction
        && leaf.Keys[0] <= block && block <= leaf.Keys[leaf.EntryCount - 1]
        && (!leaf.IsFull || _overflow.FillsSiblings);

    private void Settle(uint block, int bitmap)
    {
        _settledLast = -1;
        if (!IsWritable(block))
            return;
        BTreeNode leaf = _leaves[block >> LeafRunShift]!;
        int first = bitmap * MetadataBlocks.EntriesPerBitmap;
        _settledFirst = Math.Max((int)leaf.Keys[0], first);
        _settledLast = Math.Min((int)leaf.Keys[leaf.EntryCount - 1], first + MetadataBlocks.EntriesPerBitmap - 1);
    }

    private void Touch(uint block)
    {
        BTreeNode leaf = BTreeInsertion.FindLeaf(_overflow, OverflowRoot, block, out int index, out int root);
        OverflowRoot = root;
        _leaves[block >> LeafRunShift] = leaf;
        if (index >= 0 && leaf.Keys[index] == block)
            return;
        // The count itself is in ReferenceCounts; the tree only has to have the right keys.
        leaf.InsertAt(index + 1, block, []);
    }
}
