using StorageLab.Model.Constants;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>
/// A copy-on-write B-tree on the metadata device, block by block as the kernel keeps it: a node of an older transaction is copied
/// ("shadowed") before it
/// changes, a node that several parents share is copied for the one that changes it.
/// </summary>
/// <remarks>
/// Nodes belong to <see cref="MetadataBlocks"/>; the tree itself has no state but a store of spare nodes, and every call names the root it
/// means.
/// Any call that writes may throw <see cref="MetadataExhaustedException"/>; the transaction must be rolled back then.
/// Source: drivers/md/persistent-data/dm-btree.c.
/// </remarks>
internal sealed class BTree
{
    /// <summary>Header of a B-tree node.</summary>
    [ModelConstant(ModelPart.Metadata, "bytes", "Linux drivers/md/persistent-data/dm-btree-internal.h: struct node_header")]
    private const int NodeHeaderBytes = 32;

    /// <summary>Entries of an inner node, and of a leaf of 8-byte values.</summary>
    [ModelConstant(ModelPart.Metadata, "entries", "Linux drivers/md/persistent-data/dm-btree.c: calc_max_entries")]
    public static readonly int InnerMaxEntries = MaxEntriesFor(8);

    private readonly int _leafMaxEntries;
    private readonly int _valueWords;
    private readonly IBTreeValueOwner? _owner;
    private readonly Stack<BTreeNode> _spare = new();

    /// <param name="blocks">Where nodes live.</param>
    /// <param name="valueBytes">Bytes of a value on disk, which decide how many entries a leaf has.</param>
    /// <param name="valueWords">64-bit words in which the model keeps a value; 0 when only the keys matter.</param>
    /// <param name="fillsSiblings">Whether a full node tries its siblings before it splits:
    /// <see cref="ThinKernelTraits.FillsSiblings"/>.</param>
    /// <param name="owner">Told of references that values hold, or null when they hold none.</param>
    public BTree(MetadataBlocks blocks, int valueBytes, int valueWords, bool fillsSiblings, IBTreeValueOwner? owner)
    {
        Blocks = blocks;
        _leafMaxEntries = MaxEntriesFor(valueBytes);
        _valueWords = valueWords;
        FillsSiblings = fillsSiblings;
        _owner = owner;
    }

    public MetadataBlocks Blocks { get; }

    public bool FillsSiblings { get; }

    /// <summary>
    /// A multiple of three, so that two nodes split into three evenly (calc_max_entries, dm-btree.c): 252 for 8-byte values.
    /// </summary>
    public static int MaxEntriesFor(int valueBytes) => (MetadataBlocks.BlockBytes - NodeHeaderBytes) / (8 + valueBytes) / 3 * 3;

    /// <summary>Makes an empty tree.</summary>
    /// <returns>Its root.</returns>
    public int CreateEmpty()
    {
        BTreeNode root = NewNode();
        root.IsLeaf = true;
        root.EntryCount = 0;
        root.MaxEntries = _leafMaxEntries;
        root.ValueWords = _valueWords;
        return root.Address;
    }

    public BTreeNode Node(int address) => Blocks.Node(address);

    /// <summary>Finds the value of a key.</summary>
    /// <param name="value">Its words, valid until the tree changes; empty when the key is missing.</param>
    public bool TryGet(int root, uint key, out ReadOnlySpan<ulong> value)
    {
        BTreeNode node = Blocks.Node(root);
        int index = node.LowerBound(key);
        while (index >= 0 && !node.IsLeaf)
        {
            node = Blocks.Node(node.Child(index));
            index = node.LowerBound(key);
        }

        bool found = index >= 0 && node.Keys[index] == key;
        value = found ? node.ValuesOf(index, 1) : default;
        return found;
    }

    /// <summary>Finds the first key at or above <paramref name="key"/>.</summary>
    public bool TryGetNext(int root, uint key, out uint next)
    {
        BTreeNode node = Blocks.Node(root);
        int index = node.LowerBound(key);
        if (node.IsLeaf)
        {
            if (index < 0 || node.Keys[index] != key)
                index++;
            bool found = index < node.EntryCount;
            next = found ? node.Keys[index] : 0;
            return found;
        }

        index = Math.Max(index, 0);
        if (TryGetNext(node.Child(index), key, out next))
            return true;
        return index + 1 < node.EntryCount && TryGetNext(node.Child(index + 1), key, out next);
    }

    /// <summary>Finds the greatest key; false for an empty tree.</summary>
    public bool TryGetHighest(int root, out uint key)
    {
        BTreeNode node = Blocks.Node(root);
        while (!node.IsLeaf)
            node = Blocks.Node(node.Child(node.EntryCount - 1));
        key = node.EntryCount > 0 ? node.Keys[node.EntryCount - 1] : 0;
        return node.EntryCount > 0;
    }

    /// <summary>
    /// Copies the one-word values of the keys from <paramref name="firstKey"/> on to their places in <paramref name="into"/>; other places
    /// stay as they are.
    /// </summary>
    public void CopyRange(int root, uint firstKey, Span<ulong> into)
    {
        BTreeNode node = Blocks.Node(root);
        int index = Math.Max(node.LowerBound(firstKey), 0);
        for (; index < node.EntryCount; index++)
        {
            long position = (long)node.Keys[index] - firstKey;
            if (position >= into.Length)
                return;
            if (!node.IsLeaf)
                CopyRange(node.Child(index), firstKey, into);
            else if (position >= 0)
                into[(int)position] = node.Values[index];
        }
    }

    /// <summary>Calls <paramref name="visit"/> for every leaf, in ascending order of keys.</summary>
    public void VisitLeaves(int root, Action<BTreeNode> visit)
    {
        BTreeNode node = Blocks.Node(root);
        if (node.IsLeaf)
        {
            visit(node);
            return;
        }

        for (var i = 0; i < node.EntryCount; i++)
            VisitLeaves(node.Child(i), visit);
    }

    /// <summary>Ends one reference to a tree: what no other tree shares is freed. Cost: the nodes freed and their neighbours.</summary>
    /// <remarks>Source: dm_btree_del.</remarks>
    public void Delete(int root)
    {
        if (Blocks.Count(root) == 1)
        {
            BTreeNode node = Blocks.Node(root);
            if (!node.IsLeaf)
            {
                for (var i = 0; i < node.EntryCount; i++)
                    Delete(node.Child(i));
            }
            else
                _owner?.Decrement(node.ValuesOf(0, node.EntryCount));
        }

        Blocks.Decrement(root);
    }

    /// <summary>Makes a node writable in this transaction: itself, or a copy of it under a new address.</summary>
    /// <remarks>Source: dm_tm_shadow_block, dm-transaction-manager.c, and inc_children, dm-btree.c.</remarks>
    public BTreeNode Shadow(int address)
    {
        BTreeNode node = Blocks.Node(address);
        bool isShared = Blocks.Count(address) > 1;
        if (node.Transaction == Blocks.Transaction && !isShared)
            return node;
        BTreeNode copy = NewNode();
        Blocks.Decrement(address);
        copy.CopyFrom(node);
        if (isShared)
            IncrementChildren(copy);
        return copy;
    }

    /// <summary>
    /// Shadows a child and tells its parent where it is now. Source: shadow_child, dm-btree.c, and init_child, dm-btree-remove.c.
    /// </summary>
    public BTreeNode ShadowChild(BTreeNode parent, int index)
    {
        BTreeNode child = Shadow(parent.Child(index));
        parent.Values[index] = (ulong)child.Address;
        return child;
    }

    public BTreeNode NewNode()
    {
        BTreeNode node = _spare.Count > 0 ? _spare.Pop() : MakeNode();
        try
        {
            Blocks.Place(node, this);
        }
        catch (MetadataExhaustedException)
        {
            _spare.Push(node);
            throw;
        }

        return node;
    }

    /// <summary>Takes back a node that no committed tree can name any more.</summary>
    public void Recycle(BTreeNode node) => _spare.Push(node);

    public void DropValue(BTreeNode leaf, int index) => _owner?.Decrement(leaf.ValuesOf(index, 1));

    /// <summary>Gives a key of a writable leaf another value; a reference that the old one held ends.</summary>
    public void Replace(BTreeNode leaf, int index, ReadOnlySpan<ulong> value)
    {
        Span<ulong> place = leaf.ValuesOf(index, 1);
        if (_owner is not null && !_owner.RefersToSame(place[0], value[0]))
            _owner.Decrement(place);
        value.CopyTo(place);
    }

    private void IncrementChildren(BTreeNode node)
    {
        if (node.IsLeaf)
        {
            _owner?.Increment(node.ValuesOf(0, node.EntryCount));
            return;
        }

        for (var i = 0; i < node.EntryCount; i++)
            Blocks.Increment(node.Child(i));
    }

    private BTreeNode MakeNode()
    {
        int entries = Math.Max(_leafMaxEntries, InnerMaxEntries);
        int words = Math.Max(_leafMaxEntries * _valueWords, InnerMaxEntries);
        return new BTreeNode(new uint[entries], new ulong[words]);
    }
}
