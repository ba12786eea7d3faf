using StorageLab.Model.Blocks;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>A thin device reduced to what a file system makes of it: which blocks it has written, and which it shares with the device it was snapshot from.</summary>
internal sealed class SnapshotDevice(long lengthBytes, int blockBytes, bool isThin = true) : IBlockDevice
{
    private readonly HashSet<long> _own = [];
    private readonly HashSet<long> _inherited = [];
    private IoCounters _counters;

    /// <summary>Blocks written here since the device was made or cloned: what it takes from its pool.</summary>
    public int OwnBlockCount => _own.Count;

    /// <summary>What every write from now on ends with.</summary>
    public IoStatus WriteResult { get; set; }

    public long LengthBytes => lengthBytes;

    public DeviceLimits Limits => isThin ? new DeviceLimits(blockBytes, 65536, blockBytes) : new DeviceLimits(0, 512, 0);

    public IoCounters Counters => _counters;

    public SnapshotDevice Snapshot()
    {
        SnapshotDevice copy = new(lengthBytes, blockBytes, isThin);
        copy._inherited.UnionWith(_own);
        copy._inherited.UnionWith(_inherited);
        return copy;
    }

    public IoStatus Read(long offsetBytes, long lengthBytes)
    {
        Check(offsetBytes, lengthBytes);
        _counters.ReadBytes += lengthBytes;
        return IoStatus.Ok;
    }

    public IoStatus Write(long offsetBytes, long lengthBytes)
    {
        Check(offsetBytes, lengthBytes);
        if (WriteResult != IoStatus.Ok)
            return WriteResult;
        _counters.WriteBytes += lengthBytes;
        _counters.WriteCount++;
        for (long block = offsetBytes / blockBytes; block * blockBytes < offsetBytes + lengthBytes; block++)
            _own.Add(block);
        return IoStatus.Ok;
    }

    public IoStatus Discard(long offsetBytes, long lengthBytes)
    {
        Check(offsetBytes, lengthBytes);
        long end = (offsetBytes + lengthBytes) / blockBytes;
        for (long block = (offsetBytes + blockBytes - 1) / blockBytes; block < end; block++)
        {
            _own.Remove(block);
            _inherited.Remove(block);
        }

        return IoStatus.Ok;
    }

    public IoStatus Flush() => IoStatus.Ok;

    private void Check(long offsetBytes, long length)
    {
        if (offsetBytes < 0 || length <= 0 || offsetBytes + length > lengthBytes || offsetBytes % 512 != 0 || length % 512 != 0)
            throw new InvalidOperationException($"{offsetBytes}+{length} is not within the device");
    }
}
