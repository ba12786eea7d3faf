using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.ThinProvisioning;

namespace StorageLab.Model.Maps;

/// <summary>The blocks of a thin pool, by the device that mapped them first, and what its sparse file holds beyond them.</summary>
internal sealed class PoolMap(DevicemapperDriver driver, IFileSystem host, BlockOwners owners)
{
    private readonly long _blockBytes = driver.Pool.Options.DataBlockBytes;
    private readonly bool _isFile = !driver.Backing.DataFile.IsNone;

    private readonly PoolCensus _census = new(driver.Pool);

    /// <summary>Use of each block that was ever mapped or allocated.</summary>
    private BlockUse[] _uses = [];

    /// <summary>Who wrote each block last; stays when it is freed.</summary>
    private int[] _writers = [];

    public DiskMap Read()
    {
        Array.Clear(_uses);
        AddDevices();
        if (_isFile)
            AddFile();
        return new DiskMap(
            _isFile ? "the pool on the sparse file devicemapper/devicemapper/data" : "the pool on the data volume",
            driver.Pool.DataTotalBlockCount * _blockBytes, _blockBytes, Runs(), owners.Names);
    }

    private void AddDevices()
    {
        Dictionary<int, int> ownersByDevice = driver.DeviceNumbers.ToDictionary(device => device.Value, device => owners.Of(device.Key));
        _census.Take();
        Reserve(_census.DeviceCounts.Length);
        int device = -1, owner = 0;
        for (var block = 0; block < _census.DeviceCounts.Length; block++)
        {
            if (_census.DeviceCounts[block] == 0)
                continue;
            _uses[block] = _census.DeviceCounts[block] == 1 ? BlockUse.Live : BlockUse.Shared;
            // Numbers only grow, so that a device comes before its snapshots: what it mapped is its own, and they share it.
            if (device != _census.FirstDevices[block])
            {
                device = _census.FirstDevices[block];
                owner = ownersByDevice.TryGetValue(device, out int known) ? known : owners.Base;
            }

            _writers[block] = owner;
        }
    }

    private void AddFile()
    {
        foreach (FileRun run in host.MapFile(driver.Backing.DataFile))
        {
            var end = (int)Math.Min((run.OffsetBytes + run.LengthBytes + _blockBytes - 1) / _blockBytes, driver.Pool.DataTotalBlockCount);
            Reserve(end);
            for (var block = (int)(run.OffsetBytes / _blockBytes); block < end; block++)
            {
                if (_uses[block] == BlockUse.Free)
                    _uses[block] = BlockUse.Held;
            }
        }
    }

    private ImmutableArray<DiskRun> Runs()
    {
        ImmutableArray<DiskRun>.Builder runs = ImmutableArray.CreateBuilder<DiskRun>();
        for (int start = 0, end; start < _uses.Length; start = end)
        {
            end = start + 1;
            while (end < _uses.Length && _uses[end] == _uses[start] && (_uses[end] == BlockUse.Free || _writers[end] == _writers[start]))
                end++;
            if (_uses[start] != BlockUse.Free)
                runs.Add(new DiskRun(start * _blockBytes, (end - start) * _blockBytes, _uses[start], _writers[start]));
        }

        return runs.ToImmutable();
    }

    private void Reserve(int blockCount)
    {
        if (blockCount <= _uses.Length)
            return;
        int length = Math.Max(blockCount, _uses.Length * 2);
        Array.Resize(ref _uses, length);
        Array.Resize(ref _writers, length);
    }
}
