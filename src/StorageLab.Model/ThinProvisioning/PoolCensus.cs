namespace StorageLab.Model.ThinProvisioning;

/// <summary>Counts, for every data block of a pool, the devices that map it, and names the first of them.</summary>
/// <remarks>Snapshots share whole subtrees of mappings, and a shared node is entered at most twice, so a census costs what the nodes hold and
/// not what all devices map.</remarks>
public sealed class PoolCensus(ThinPool pool)
{
    private byte[] _nodeVisits = [];
    private byte[] _deviceCounts = [];
    private int[] _firstDevices = [];

    /// <summary>Devices that map each block: 0, 1, or 2 for several. Blocks beyond the end are free.</summary>
    public ReadOnlySpan<byte> DeviceCounts => _deviceCounts;

    /// <summary>Of the devices that map each block the one with the lowest id; what it is for a free block says nothing.</summary>
    public ReadOnlySpan<int> FirstDevices => _firstDevices;

    public void Take()
    {
        Array.Clear(_nodeVisits);
        Array.Clear(_deviceCounts);
        foreach (int device in pool.DeviceIds.Order())
            Visit(pool.Metadata.Devices[(uint)device].Root, device);
    }

    private void Visit(int address, int device)
    {
        if (address >= _nodeVisits.Length)
            Array.Resize(ref _nodeVisits, Math.Max(address + 1, _nodeVisits.Length * 2));
        if (_nodeVisits[address] == 2)
            return;
        _nodeVisits[address]++;
        BTreeNode node = pool.Metadata.Mappings.Blocks.Node(address);
        for (var index = 0; index < node.EntryCount; index++)
        {
            if (node.IsLeaf)
                Count(PackedMapping.DataBlock(node.Values[index]), device);
            else
                Visit(node.Child(index), device);
        }
    }

    private void Count(int block, int device)
    {
        if (block >= _deviceCounts.Length)
        {
            int length = Math.Max(block + 1, _deviceCounts.Length * 2);
            Array.Resize(ref _deviceCounts, length);
            Array.Resize(ref _firstDevices, length);
        }

        if (_deviceCounts[block] == 0)
            _firstDevices[block] = device;
        _deviceCounts[block] = (byte)Math.Min(_deviceCounts[block] + 1, 2);
    }
}
