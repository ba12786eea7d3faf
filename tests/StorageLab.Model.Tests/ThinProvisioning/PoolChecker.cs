using StorageLab.Model.ThinProvisioning;
using Xunit;

namespace StorageLab.Model.Tests.ThinProvisioning;

/// <summary>
/// What thin_check does, independently of the code under test: walks everything reachable from the superblock, counts references itself and
/// compares.
/// </summary>
internal sealed class PoolChecker
{
    private readonly ThinMetadata _metadata;
    private readonly Dictionary<int, int> _metadataCounts = [];
    private readonly Dictionary<int, int> _dataCounts = [];

    private PoolChecker(ThinMetadata metadata) => _metadata = metadata;

    public static void Check(ThinPool pool) => new PoolChecker(pool.Metadata).Run(pool);

    private void Run(ThinPool pool)
    {
        CountMetadata();
        CompareMetadataCounts();
        CompareDataCounts();
        CompareIndex();
        Assert.InRange(pool.DataUsedBlockCount, _dataCounts.Count, pool.DataTotalBlockCount);
        Assert.InRange(pool.MetadataUsedBlockCount, _metadataCounts.Count, pool.MetadataTotalBlockCount);
    }

    private void CountMetadata()
    {
        MetadataBlocks blocks = _metadata.Blocks;
        CountBlock(0);
        CountBlock(blocks.IndexAddress);
        foreach (int address in blocks.BitmapAddresses)
            CountBlock(address);
        foreach (int address in _metadata.Data.BitmapAddresses)
            CountBlock(address);
        WalkTree(blocks.OverflowRoot, _ => { });
        WalkTree(_metadata.Data.OverflowRoot, _ => { });
        WalkTree(_metadata.Data.IndexRoot, _ => { });
        WalkTree(_metadata.DetailsRoot, _ => { });
        WalkTree(_metadata.DevicesRoot, devices =>
        {
            for (var i = 0; i < devices.EntryCount; i++)
                WalkTree(devices.Child(i), CountData);
        });
    }

    private bool CountBlock(int address)
    {
        int before = _metadataCounts.GetValueOrDefault(address);
        _metadataCounts[address] = before + 1;
        return before == 0;
    }

    private void CountData(BTreeNode leaf)
    {
        for (var i = 0; i < leaf.EntryCount; i++)
        {
            int block = PackedMapping.DataBlock(leaf.Values[i]);
            _dataCounts[block] = _dataCounts.GetValueOrDefault(block) + 1;
        }
    }

    private void WalkTree(int root, Action<BTreeNode> visitLeaf) => Walk(root, visitLeaf, lowest: 0, limit: 1L << 32);

    // Returns the depth, which must be the same everywhere. Entries of a shared node count once: its parents share them with it.
    private int Walk(int address, Action<BTreeNode> visitLeaf, long lowest, long limit)
    {
        bool isFirstVisit = CountBlock(address);
        BTreeNode node = _metadata.Blocks.Node(address);
        Assert.NotNull(node);
        Assert.Equal(address, node.Address);
        Assert.InRange(node.EntryCount, 0, node.MaxEntries);
        for (var i = 0; i < node.EntryCount; i++)
        {
            Assert.InRange(node.Keys[i], lowest, limit - 1);
            lowest = node.Keys[i] + 1L;
        }

        if (!isFirstVisit)
            return -1;
        if (node.IsLeaf)
        {
            visitLeaf(node);
            return 0;
        }

        Assert.True(node.EntryCount > 0, "an inner node has no child");
        int depth = -1;
        for (var i = 0; i < node.EntryCount; i++)
        {
            long end = i + 1 < node.EntryCount ? node.Keys[i + 1] : limit;
            int childDepth = Walk(node.Child(i), visitLeaf, node.Keys[i], end);
            Assert.True(depth < 0 || childDepth < 0 || depth == childDepth, "leaves lie at different depths");
            depth = Math.Max(depth, childDepth);
        }

        return depth < 0 ? -1 : depth + 1;
    }

    private void CompareMetadataCounts()
    {
        MetadataBlocks blocks = _metadata.Blocks;
        Assert.Equal(_metadataCounts.Count, blocks.UsedCount);
        foreach ((int address, int count) in _metadataCounts)
            Assert.True(count == blocks.Count(address), $"metadata block {address} has {count} references and a count of {blocks.Count(address)}");
        AssertOverflow(blocks.OverflowRoot, _metadataCounts);
    }

    private void CompareDataCounts()
    {
        DataSpaceMap data = _metadata.Data;
        Assert.Equal(_dataCounts.Count, data.UsedCount);
        Assert.InRange(data.AvailableCount, 0, data.BlockCount - data.UsedCount);
        foreach ((int block, int count) in _dataCounts)
            Assert.True(count == data.Count(block), $"data block {block} has {count} references and a count of {data.Count(block)}");
        AssertOverflow(data.OverflowRoot, _dataCounts);
        int[] bitmaps = data.BitmapAddresses.ToArray();
        var named = new List<int>();
        _metadata.Mappings.VisitLeaves(data.IndexRoot, leaf => named.AddRange(leaf.ValuesOf(0, leaf.EntryCount).ToArray().Select(value => (int)value)));
        Assert.Equal(bitmaps, named);
    }

    private void AssertOverflow(int root, Dictionary<int, int> counts)
    {
        var keys = new List<int>();
        _metadata.Mappings.VisitLeaves(root, leaf => keys.AddRange(leaf.Keys.Take(leaf.EntryCount).Select(key => (int)key)));
        Assert.Equal(counts.Where(pair => pair.Value > 2).Select(pair => pair.Key).Order(), keys);
    }

    private void CompareIndex()
    {
        foreach (ThinDeviceState device in _metadata.Devices.Values)
        {
            var mapped = new Dictionary<long, ulong>();
            _metadata.Mappings.VisitLeaves(device.Root, leaf =>
            {
                for (var i = 0; i < leaf.EntryCount; i++)
                    mapped.Add(leaf.Keys[i], leaf.Values[i]);
            });
            Assert.Equal(mapped.Count, device.MappedBlockCount);
            for (long block = 0; device.OpenCount > 0 && block < (long)device.PageCount * MappingIndex.PageEntries; block++)
            {
                uint expected = mapped.TryGetValue(block, out ulong value) ? MappingIndex.EntryOf(device, value) : MappingIndex.Unmapped;
                Assert.Equal(expected, _metadata.Lookup(device, block));
            }
        }
    }
}
