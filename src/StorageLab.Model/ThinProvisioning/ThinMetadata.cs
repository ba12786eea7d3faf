using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>The pool's metadata as one transactional store: devices, their details and mappings, and both space maps.</summary>
/// <remarks>
/// Calls that write may throw <see cref="MetadataExhaustedException"/>; the caller rolls back then.
/// Source: drivers/md/dm-thin-metadata.c.
/// </remarks>
internal sealed class ThinMetadata : IBTreeValueOwner
{
    /// <summary>A mapping: data block and time.</summary>
    [ModelConstant(ModelPart.Metadata, "bytes", "Linux drivers/md/dm-thin-metadata.c: __setup_btree_details, info.value_type")]
    private const int MappingValueBytes = 8;

    /// <summary>What the pool keeps of a device.</summary>
    [ModelConstant(ModelPart.Metadata, "bytes", "Linux drivers/md/dm-thin-metadata.c: struct disk_device_details")]
    private const int DetailsValueBytes = 24;

    private const int DetailsWords = 3;

    private readonly MetadataBlocks _blocks;
    private readonly DataSpaceMap _data;
    private readonly BTree _devicesTree;
    private readonly BTree _detailsTree;
    private readonly MappingIndex _index = new();
    private readonly SortedDictionary<uint, ThinDeviceState> _devices = [];
    private readonly List<ThinDeviceState> _changed = [];
    private Superblock _current;
    private Superblock _committed;

    public ThinMetadata(IBlockDevice metadata, int dataBlockCount, ThinKernelTraits traits)
    {
        _blocks = new MetadataBlocks(metadata, traits);
        _data = new DataSpaceMap(_blocks, dataBlockCount, traits);
        Mappings = new BTree(_blocks, MappingValueBytes, valueWords: 1, traits.FillsSiblings, _data);
        _devicesTree = new BTree(_blocks, MappingValueBytes, valueWords: 1, traits.FillsSiblings, this);
        _detailsTree = new BTree(_blocks, DetailsValueBytes, DetailsWords, traits.FillsSiblings, owner: null);
        _current.DevicesRoot = _devicesTree.CreateEmpty();
        _current.DetailsRoot = _detailsTree.CreateEmpty();
        _data.Extend();
    }

    public MetadataBlocks Blocks => _blocks;

    public DataSpaceMap Data => _data;

    /// <summary>The trees from virtual to data blocks, one root a device.</summary>
    public BTree Mappings { get; }

    public IReadOnlyDictionary<uint, ThinDeviceState> Devices => _devices;

    /// <summary>Root of the tree from device ids to mapping trees.</summary>
    public int DevicesRoot => _current.DevicesRoot;

    /// <summary>Root of the tree from device ids to their details.</summary>
    public int DetailsRoot => _current.DetailsRoot;

    /// <summary>Snapshots taken so far.</summary>
    public uint Time => _current.Time;

    public long TransactionId
    {
        get => _current.TransactionId;
        set => _current.TransactionId = value;
    }

    /// <summary>Whether a device's mappings or details changed since the last commit.</summary>
    public bool HasChanged => _changed.Count > 0;

    public ThinDeviceState? Find(uint id) => _devices.GetValueOrDefault(id);

    /// <summary>
    /// Index entry of a block: its data block and the shared bit, or <see cref="MappingIndex.Unmapped"/>. Cost: two array look-ups once the
    /// page is loaded.
    /// </summary>
    public uint Lookup(ThinDeviceState device, long virtualBlock)
    {
        int page = device.Pages is null ? MappingIndex.NoPage : device.Pages[virtualBlock >> MappingIndex.PageShift];
        if (page == MappingIndex.NoPage)
            page = _index.Load(Mappings, device, virtualBlock);
        return _index.Entries[(page << MappingIndex.PageShift) | (int)(virtualBlock & MappingIndex.PageMask)];
    }

    public void CreateThin(uint id) => AddDevice(id, Mappings.CreateEmpty());

    /// <summary>Makes a device that shares all mappings of another. Cost: independent of their number.</summary>
    public void CreateSnapshot(uint id, ThinDeviceState origin)
    {
        _blocks.Increment(origin.Root);
        _current.Time++;
        ThinDeviceState snapshot = AddDevice(id, origin.Root);
        origin.SnapshottedTime = _current.Time;
        snapshot.SnapshottedTime = _current.Time;
        snapshot.MappedBlockCount = origin.MappedBlockCount;
        _index.Drop(origin);
        MarkChanged(origin);
    }

    /// <summary>Drops a device; nothing is discarded. Cost: the leaves that no other device shares.</summary>
    public void Delete(ThinDeviceState device)
    {
        _index.Drop(device);
        _ = _devices.Remove(device.Id);
        _ = _changed.Remove(device);
        if (_detailsTree.TryGet(_current.DetailsRoot, device.Id, out _))
            _current.DetailsRoot = BTreeRemoval.Remove(_detailsTree, _current.DetailsRoot, device.Id);
        _current.DevicesRoot = BTreeRemoval.Remove(_devicesTree, _current.DevicesRoot, device.Id);
    }

    /// <summary>Maps a block, in place of what it was mapped to.</summary>
    public void Insert(ThinDeviceState device, long virtualBlock, int dataBlock, uint time)
    {
        ulong value = PackedMapping.Pack(dataBlock, time);
        int root = BTreeInsertion.Insert(Mappings, device.Root, (uint)virtualBlock, value, out bool inserted);
        SetRoot(device, root);
        if (inserted)
            device.MappedBlockCount++;
        _index.Set(device, virtualBlock, MappingIndex.EntryOf(device, value));
        MarkChanged(device);
    }

    /// <summary>Unmaps all blocks in <c>[begin, end)</c>.</summary>
    /// <param name="freed">Gets the data blocks that no device maps any more, in ascending virtual order.</param>
    /// <remarks>
    /// Like the kernel's dm_thin_remove_range the device's tree is taken out of the top tree and put back. A range that holds every mapping
    /// drops the tree as a
    /// whole: the kernel gets to the same end entry by entry, copying even the leaves that it then empties.
    /// </remarks>
    public void RemoveRange(ThinDeviceState device, uint begin, uint end, DiscardRuns freed)
    {
        if (!Mappings.TryGetNext(device.Root, begin, out uint first) || first >= end)
            return;
        _blocks.Increment(device.Root);
        _current.DevicesRoot = BTreeRemoval.Remove(_devicesTree, _current.DevicesRoot, device.Id);
        int root = HoldsAll(device.Root, begin, end) ? DropAll(device, freed) : DropEntries(device, first, end, freed);
        device.Root = root;
        _current.DevicesRoot = BTreeInsertion.Insert(_devicesTree, _current.DevicesRoot, device.Id, (ulong)root, out _);
        MarkChanged(device);
    }

    /// <summary>Writes the transaction to the metadata device and opens the next.</summary>
    public IoStatus Commit()
    {
        WriteChangedDetails();
        IoStatus status = _blocks.Commit();
        if (status != IoStatus.Ok)
            return status;
        _data.Commit();
        _committed = _current;
        foreach (ThinDeviceState device in _changed)
            device.HasChanged = false;
        _changed.Clear();
        return IoStatus.Ok;
    }

    /// <summary>Gives up the running transaction: everything is as the last commit left it.</summary>
    public void Rollback()
    {
        foreach (ThinDeviceState device in _changed)
        {
            device.HasChanged = false;
            device.LostChanges = true;
        }

        _changed.Clear();
        _index.DropAll();
        _current = _committed;
        _blocks.Rollback();
        _data.Rollback();
        _blocks.CountTree(_current.DetailsRoot, null);
        _blocks.CountTree(_current.DevicesRoot, CountMappings);
        _blocks.EndRollback();
        _data.EndRollback();
        ReloadDevices();
    }

    /// <summary>Drops the index pages of a device that is not open any more.</summary>
    public void DropIndex(ThinDeviceState device) => _index.Drop(device);

    /// <summary>Makes sure that the look-up index of a device spans its length.</summary>
    public void OpenIndex(ThinDeviceState device, long virtualBlockCount)
    {
        var pageCount = (int)((virtualBlockCount + MappingIndex.PageMask) >> MappingIndex.PageShift);
        if (pageCount <= device.PageCount)
            return;
        _index.Drop(device);
        device.PageCount = pageCount;
    }

    /// <summary>Sets what a restored device had; only before the first commit after <see cref="CreateThin"/>.</summary>
    public void SetDetails(ThinDeviceState device, long transactionId, uint creationTime, uint snapshottedTime)
    {
        device.TransactionId = transactionId;
        device.CreationTime = creationTime;
        device.SnapshottedTime = snapshottedTime;
        MarkChanged(device);
    }

    public void SetTime(uint time) => _current.Time = time;

    void IBTreeValueOwner.Increment(ReadOnlySpan<ulong> values)
    {
        foreach (ulong root in values)
            _blocks.Increment((int)root);
    }

    void IBTreeValueOwner.Decrement(ReadOnlySpan<ulong> values)
    {
        foreach (ulong root in values)
            Mappings.Delete((int)root);
    }

    bool IBTreeValueOwner.RefersToSame(ulong left, ulong right) => left == right;

    private ThinDeviceState AddDevice(uint id, int root)
    {
        _current.DevicesRoot = BTreeInsertion.Insert(_devicesTree, _current.DevicesRoot, id, (ulong)root, out _);
        var device = new ThinDeviceState(id)
        {
            Root = root,
            TransactionId = _current.TransactionId,
            CreationTime = _current.Time,
            SnapshottedTime = _current.Time,
        };
        _devices.Add(id, device);
        MarkChanged(device);
        return device;
    }

    // The top tree's leaf follows the root without ending a reference: the shadow took over the one it had.
    private void SetRoot(ThinDeviceState device, int root)
    {
        if (root == device.Root)
            return;
        device.Root = root;
        BTreeNode leaf = BTreeInsertion.FindLeaf(_devicesTree, _current.DevicesRoot, device.Id, out int index, out _current.DevicesRoot);
        leaf.Values[index] = (ulong)root;
    }

    private void MarkChanged(ThinDeviceState device)
    {
        if (device.HasChanged)
            return;
        device.HasChanged = true;
        _changed.Add(device);
    }

    private bool HoldsAll(int root, uint begin, uint end)
    {
        _ = Mappings.TryGetNext(root, 0, out uint lowest);
        _ = Mappings.TryGetHighest(root, out uint highest);
        return begin <= lowest && highest < end;
    }

    private int DropAll(ThinDeviceState device, DiscardRuns freed)
    {
        _index.Drop(device);
        device.MappedBlockCount = 0;
        Release(device.Root, freed);
        return Mappings.CreateEmpty();
    }

    private void Release(int root, DiscardRuns freed)
    {
        if (_blocks.Count(root) == 1)
        {
            BTreeNode node = _blocks.Node(root);
            for (var i = 0; i < node.EntryCount; i++)
            {
                if (node.IsLeaf)
                    ReleaseBlock(node.Keys[i], node.Values[i], freed);
                else
                    Release(node.Child(i), freed);
            }
        }

        _blocks.Decrement(root);
    }

    private int DropEntries(ThinDeviceState device, uint begin, uint end, DiscardRuns freed)
    {
        int root = device.Root;
        do
        {
            while (BTreeRemoval.TryRemoveNearest(Mappings, ref root, ref begin, end, out ulong value))
            {
                device.MappedBlockCount--;
                _index.Set(device, begin - 1, MappingIndex.Unmapped);
                ReleaseBlock(begin - 1, value, freed);
            }
        }
        while (Mappings.TryGetNext(root, begin, out begin) && begin < end);
        return root;
    }

    private void ReleaseBlock(uint virtualBlock, ulong value, DiscardRuns freed)
    {
        int block = PackedMapping.DataBlock(value);
        if (_data.Decrement(block) == 0)
            freed.Add(virtualBlock, block);
    }

    private void WriteChangedDetails()
    {
        Span<ulong> details = stackalloc ulong[DetailsWords];
        foreach (ThinDeviceState device in _changed)
        {
            details[0] = (ulong)device.MappedBlockCount;
            details[1] = (ulong)device.TransactionId;
            details[2] = device.CreationTime | ((ulong)device.SnapshottedTime << 32);
            _current.DetailsRoot = BTreeInsertion.Insert(_detailsTree, _current.DetailsRoot, device.Id, details, out _);
        }
    }

    private void CountMappings(BTreeNode leaf)
    {
        for (var i = 0; i < leaf.EntryCount; i++)
            _blocks.CountTree(leaf.Child(i), _data.CountLeaf);
    }

    private void ReloadDevices()
    {
        var present = new HashSet<uint>();
        _devicesTree.VisitLeaves(_current.DevicesRoot, leaf =>
        {
            for (var i = 0; i < leaf.EntryCount; i++)
            {
                _ = present.Add(leaf.Keys[i]);
                ReloadDevice(leaf.Keys[i], leaf.Child(i));
            }
        });
        foreach (uint id in _devices.Keys.Where(id => !present.Contains(id)).ToArray())
            _ = _devices.Remove(id);
    }

    private void ReloadDevice(uint id, int root)
    {
        if (!_devices.TryGetValue(id, out ThinDeviceState? device))
        {
            device = new ThinDeviceState(id);
            _devices.Add(id, device);
        }

        if (!_detailsTree.TryGet(_current.DetailsRoot, id, out ReadOnlySpan<ulong> details))
            throw new InvalidOperationException($"device {id} has mappings but no details");
        device.Root = root;
        device.MappedBlockCount = (long)details[0];
        device.TransactionId = (long)details[1];
        device.CreationTime = (uint)(details[2] & uint.MaxValue);
        device.SnapshottedTime = (uint)(details[2] >> 32);
    }

    private struct Superblock
    {
        public int DevicesRoot;
        public int DetailsRoot;
        public uint Time;
        public long TransactionId;
    }
}
