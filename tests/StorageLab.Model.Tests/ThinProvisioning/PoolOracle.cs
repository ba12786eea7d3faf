namespace StorageLab.Model.Tests.ThinProvisioning;

/// <summary>The pool as a dictionary a device: blocks are numbered as they are made, and nothing is shared but numbers.</summary>
internal sealed class PoolOracle
{
    private long _nextBlock;
    private uint _time;

    public SortedDictionary<int, OracleDevice> Devices { get; } = [];

    public int CopyCount { get; private set; }

    /// <summary>Blocks that a discard freed.</summary>
    public int DiscardedCount { get; private set; }

    public int UsedCount => Devices.Values.SelectMany(device => device.Blocks.Values).Select(mapping => mapping.Block).Distinct().Count();

    public bool Create(int id) => Devices.TryAdd(id, new OracleDevice { SnapshottedTime = _time });

    public bool Snapshot(int id, int origin)
    {
        if (Devices.ContainsKey(id) || !Devices.TryGetValue(origin, out OracleDevice? source))
            return false;
        _time++;
        source.SnapshottedTime = _time;
        Devices.Add(id, new OracleDevice { SnapshottedTime = _time, Blocks = new(source.Blocks) });
        return true;
    }

    public bool Delete(int id) => Devices.Remove(id);

    public void Write(int id, long first, long count, bool coversBlocks)
    {
        OracleDevice device = Devices[id];
        for (long block = first; block < first + count; block++)
        {
            bool isMapped = device.Blocks.TryGetValue(block, out (long Block, uint Time) mapping);
            if (isMapped && mapping.Time >= device.SnapshottedTime)
                continue;
            if (isMapped && !coversBlocks)
                CopyCount++;
            device.Blocks[block] = (_nextBlock++, _time);
        }
    }

    public void Discard(int id, long first, long count)
    {
        int before = UsedCount;
        OracleDevice device = Devices[id];
        foreach (long block in device.Blocks.Keys.Where(block => block >= first && block < first + count).ToArray())
            _ = device.Blocks.Remove(block);
        DiscardedCount += before - UsedCount;
    }

    internal sealed class OracleDevice
    {
        public uint SnapshottedTime { get; set; }

        public SortedDictionary<long, (long Block, uint Time)> Blocks { get; init; } = [];
    }
}
