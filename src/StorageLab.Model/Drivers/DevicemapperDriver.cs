using System.Globalization;
using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Model.ThinProvisioning;

namespace StorageLab.Model.Drivers;

/// <summary>devicemapper: every layer a thin device with a file system of its own, a snapshot of its parent's.</summary>
/// <remarks>
/// The base device is formatted once; every layer snapshots its parent's device, mounts it and works in its <c>rootfs</c>.
/// A deleted device is discarded first when dm.blkdiscard holds, which is what lets a sparse file below shrink.
/// Source: daemon/graphdriver/devmapper/deviceset.go and driver.go at v20.10.24.
/// </remarks>
public sealed class DevicemapperDriver : IGraphDriver
{
    /// <summary>A device's JSON under devicemapper/metadata.</summary>
    [ModelConstant(ModelPart.Devicemapper, "bytes", "recorded run S1-loop-lvm: dm_base_metadata")]
    private const long DeviceJsonBytes = 87;

    /// <summary>transaction-metadata: an id, a 64-digit hash and a device id.</summary>
    [ModelConstant(ModelPart.Devicemapper, "bytes", "moby daemon/graphdriver/devmapper/deviceset.go: transaction")]
    private const long TransactionJsonBytes = 129;

    private const string BaseName = "base";

    private readonly HostMachine _host;
    private readonly StorageOptions _options;
    private readonly ThinPool _pool;
    private readonly PoolBacking _backing;
    private readonly LayerUnpacker _unpacker;
    private readonly DockerRoot _metadata;
    private readonly DockerRoot _mountPoints;
    private readonly Dictionary<string, Device> _devices = new(StringComparer.Ordinal);
    private readonly List<Device> _mounted = [];

    /// <summary>Layers whose device was held open when Docker deleted it, the longest waiting first.</summary>
    private readonly Queue<string> _deferred = [];
    private readonly Device _base;
    private readonly NameId _rootName;
    private readonly NameId _idName;
    private int _lastDeviceNumber;

    internal DevicemapperDriver(HostMachine host, StorageOptions options, ThinPool pool, PoolBacking backing)
    {
        _host = host;
        _options = options;
        _pool = pool;
        _backing = backing;
        _unpacker = new LayerUnpacker(host.Names, host.Pace, whiteoutsAsDevices: false);
        _rootName = host.Names.Intern("rootfs");
        _idName = host.Names.Intern("id");
        _metadata = host.Root.Below("devicemapper/metadata");
        _mountPoints = host.Root.Below("devicemapper/mnt");
        _base = CreateBase();
    }

    public string Name => "devicemapper";

    public bool CountsSymlinks => false;

    public ThinPool Pool => _pool;

    /// <summary>Device id in the pool of every layer, by the layer's cache id.</summary>
    public IEnumerable<KeyValuePair<string, int>> DeviceNumbers => _devices.Select(device => KeyValuePair.Create(device.Key, device.Value.Number));

    /// <summary>What lies under the pool.</summary>
    public PoolBacking Backing => _backing;

    /// <summary>Whether a device is discarded before it is deleted (dm.blkdiscard).</summary>
    public bool DiscardsOnDelete => _options.DiscardsOnDelete;

    public DriverStatus Status
    {
        get
        {
            bool isLoop = !_backing.DataFile.IsNone;
            FsUsage host = _host.FileSystem.Usage;
            long hostFreeBytes = isLoop ? host.TotalBytes - host.UsedBytes : long.MaxValue;
            return new DriverStatus.Devicemapper(
                _options.FileSystem ?? "xfs", isLoop, _pool.Options.DataBlockBytes, _options.BaseDeviceBytes,
                Space(_pool.DataUsedBlockCount, _pool.DataTotalBlockCount, _pool.Options.DataBlockBytes, hostFreeBytes),
                Space(_pool.MetadataUsedBlockCount, _pool.MetadataTotalBlockCount, MetadataBlocks.BlockBytes, hostFreeBytes),
                _pool.DataTotalBlockCount * _options.MinFreeSpacePercent / 100 * _pool.Options.DataBlockBytes,
                _options.UseDeferredRemoval ?? true, _options.UseDeferredDeletion ?? true, _deferred.Count);
        }
    }

    public IReadOnlyDictionary<string, string> GetMetadata(string id) => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["DeviceId"] = _devices[id].Number.ToString(CultureInfo.InvariantCulture),
        ["DeviceSize"] = _options.BaseDeviceBytes.ToString(CultureInfo.InvariantCulture),
    };

    public DriverOutcome Create(string id, string? parent)
    {
        if (_devices.ContainsKey(id))
            return DriverOutcome.Refused($"devmapper: device {id} already exists. Deleted=false");
        Device? below = _base;
        if (parent is not null && !_devices.TryGetValue(parent, out below))
            return DriverOutcome.Refused($"devmapper: Unknown device {parent}");
        DriverOutcome room = CheckFreeSpace();
        if (!room.IsOk)
            return room;

        int number = ++_lastDeviceNumber;
        FsStatus status = OpenTransaction();
        if (status != FsStatus.Ok)
            return DriverOutcome.From(status, $"devmapper: Error writing metadata for {id}: ");
        ThinMessageStatus snapped = _pool.CreateSnapshot(number, below.Number);
        if (snapped != ThinMessageStatus.Ok)
            return DriverOutcome.Failed($"devmapper: Error creating snap device devicemapper: Error running deviceCreate (CreateSnapDevice) dm_task_run failed");
        status = _metadata.ReplaceFile(id, DeviceJsonBytes);
        if (status != FsStatus.Ok)
        {
            _ = _pool.Delete(number);
            return DriverOutcome.From(status, $"devmapper: Error writing metadata for {id}: ");
        }

        CloseTransaction();
        ThinDevice thin = _pool.Open(number, below.Thin.LengthBytes);
        _devices.Add(id, new Device(number, thin, below.FileSystem.CloneOnto(thin)));
        return DriverOutcome.Ok;
    }

    public DriverOutcome CreateReadWrite(string id, string? parent) => Create(id, parent);

    public DriverOutcome ApplyDiff(string id, LayerContent content)
    {
        DriverOutcome outcome = Get(id, out _);
        if (!outcome.IsOk)
            return outcome;
        Device device = _devices[id];
        FsStatus status = _unpacker.Unpack(device.FileSystem, device.Root, content);
        outcome = DriverOutcome.From(status, "Error processing tar file(exit status 1): ");
        DriverOutcome put = Put(id);
        return outcome.IsOk ? put : outcome;
    }

    public DriverOutcome Get(string id, out IMountedTree? tree)
    {
        tree = null;
        if (!_devices.TryGetValue(id, out Device? device))
            return DriverOutcome.Refused($"devmapper: Unknown device {id}");
        if (device.MountCount == 0)
        {
            FsStatus status = Mount(id, device);
            if (status != FsStatus.Ok)
                return DriverOutcome.From(status, $"devmapper: Error mounting '/dev/mapper/docker-{id}' on '/var/lib/docker/devicemapper/mnt/{id}': ");
        }

        if (device.MountCount++ == 0)
        {
            _mounted.Add(device);
            _host.Background.Begin(device.FileSystem);
        }

        tree = new PlainTree(device.FileSystem, device.Root);
        return DriverOutcome.Ok;
    }

    public DriverOutcome Put(string id)
    {
        Device device = _devices[id];
        device.MountCount--;
        if (device.MountCount > 0)
            return DriverOutcome.Ok;
        _host.Background.End(device.FileSystem);
        FsStatus status = device.FileSystem.Unmount();
        _mounted.Remove(device);
        _mountPoints.Remove(id);
        return DriverOutcome.From(status, $"devmapper: Error unmounting device {id}: ");
    }

    /// <summary>The naive diff mounts the layer and its parent and walks both trees (daemon/graphdriver/fsdiff.go).</summary>
    /// <remarks>It lists every directory of both, whose access times that changes: a look at a size writes to two devices.</remarks>
    public DriverOutcome Diff(string id, string parent)
    {
        DriverOutcome outcome = Get(id, out _);
        if (!outcome.IsOk)
            return outcome;
        outcome = Get(parent, out _);
        if (outcome.IsOk)
        {
            _devices[id].FileSystem.NoteWalk();
            _devices[parent].FileSystem.NoteWalk();
            outcome = Put(parent);
        }

        DriverOutcome put = Put(id);
        return outcome.IsOk ? put : outcome;
    }

    /// <summary>Finds the changes as <see cref="Diff"/> does, then mounts the layer once more to add up their sizes.</summary>
    public DriverOutcome DiffSize(string id, string parent)
    {
        DriverOutcome outcome = Diff(id, parent);
        if (outcome.IsOk)
            outcome = Get(id, out _);
        return outcome.IsOk ? Put(id) : outcome;
    }

    public DriverOutcome Remove(string id) => _devices.TryGetValue(id, out Device? device) ? Remove(id, device) : DriverOutcome.Ok;

    /// <summary>deviceset.go, deleteDevice: a device that somebody holds open stays in the pool, emptied by the discard, its JSON marked deleted.</summary>
    private DriverOutcome Remove(string id, Device device)
    {
        if (_options.DiscardsOnDelete)
        {
            // The daemon ignores the discard's errors, and syncs the host after it (devicemapper.BlockDeviceDiscard).
            _ = device.Thin.Discard(0, device.Thin.LengthBytes);
            _ = _host.FileSystem.Sync();
        }

        FsStatus status = OpenTransaction();
        if (status != FsStatus.Ok)
            return DriverOutcome.From(status, $"devmapper: Error writing metadata for {id}: ");
        if (_options.UseDeferredDeletion != false && _deferred.Count < _host.HeldDeviceCount)
        {
            _deferred.Enqueue(id);
            status = _metadata.ReplaceFile(id, DeviceJsonBytes);
            CloseTransaction();
            return DriverOutcome.From(status, $"devmapper: Error writing metadata for {id}: ");
        }

        device.Thin.Close();
        ThinMessageStatus deleted = _pool.Delete(device.Number);
        if (deleted != ThinMessageStatus.Ok)
            return DriverOutcome.Failed($"failed to remove device {id}: devmapper: Error deleting device: devicemapper: Error running DeleteDevice dm_task_run failed");
        _devices.Remove(id);
        _metadata.Remove(id);
        CloseTransaction();
        return DriverOutcome.Ok;
    }

    public void Sync()
    {
        // The deletion worker, or the daemon's next start, finds that a device has been let go (deviceset.go, cleanupDeletedDevices).
        while (_deferred.Count > _host.HeldDeviceCount && _deferred.TryDequeue(out string? id))
            _ = Remove(id);
        foreach (Device device in _mounted)
            _ = device.FileSystem.Sync();
        _ = _host.FileSystem.Sync();
    }

    /// <summary>The daemon takes down a pool that it made of loop devices, and loads it again (deviceset.go, Shutdown); one of LVM stays up.</summary>
    public void Restart()
    {
        if (_backing.RootDisk is null)
            _pool.Reload();
    }

    public void DropCaches()
    {
        foreach (Device device in _mounted)
            _ = device.FileSystem.DropCaches();
        _ = _host.FileSystem.DropCaches();
    }

    public void CheckInvariants()
    {
        _host.FileSystem.CheckInvariants();
        foreach (Device device in _devices.Values)
            device.FileSystem.CheckInvariants();
    }

    public Sample Observe(Sample sample)
    {
        // Whoever asks the pool for its status makes it commit first (dm-thin.c, pool_status); what that writes is no part of the step.
        _ = _pool.Commit();
        InodeStat? dataFile = _backing.DataFile.IsNone ? null : _host.FileSystem.Stat(_backing.DataFile);
        InodeStat? metadataFile = _backing.MetadataFile.IsNone ? null : _host.FileSystem.Stat(_backing.MetadataFile);
        long metadataUsedBlocks = _pool.MetadataUsedBlockCount - _pool.MetadataReservedBlockCount;
        long poolBytes = (_pool.DataUsedBlockCount * _pool.Options.DataBlockBytes) + (metadataUsedBlocks * MetadataBlocks.BlockBytes);
        long cachedBytes = _host.FileSystem.CachedBytes;
        foreach (Device device in _mounted)
            cachedBytes += device.FileSystem.CachedBytes;

        return sample with
        {
            BackingAllocatedBytes = dataFile is null ? poolBytes : dataFile.Value.AllocatedBytes + metadataFile!.Value.AllocatedBytes,
            DataFileAllocatedBytes = dataFile?.AllocatedBytes,
            DataFileApparentBytes = dataFile?.SizeBytes,
            MetadataFileAllocatedBytes = metadataFile?.AllocatedBytes,
            PoolDataUsedBlocks = _pool.DataUsedBlockCount,
            PoolDataTotalBlocks = _pool.DataTotalBlockCount,
            PoolMetadataUsedBlocks = _pool.MetadataUsedBlockCount,
            PoolMetadataTotalBlocks = _pool.MetadataTotalBlockCount,
            PoolMetadataReservedBlocks = _pool.MetadataReservedBlockCount,
            PoolBlockBytes = _pool.Options.DataBlockBytes,
            PoolMode = ModeText(_pool.Mode),
            ThinDeviceCount = _devices.Count + 1,
            PageCacheBytes = cachedBytes,
        };
    }

    public IoCounters? CountersAt(Floor floor) => floor switch
    {
        Floor.Thin => _pool.ThinCounters,
        Floor.DataDevice => _backing.Data.Counters,
        Floor.MetadataDevice => _backing.Metadata.Counters,
        Floor.Disk => _backing.Disk.Counters,
        Floor.RootDisk => _backing.RootDisk?.Counters,
        _ => null,
    };

    private static DriverStatus.PoolSpace Space(long usedBlocks, long totalBlocks, long blockBytes, long freeBytesMax) =>
        new(usedBlocks * blockBytes, totalBlocks * blockBytes, Math.Min((totalBlocks - usedBlocks) * blockBytes, freeBytesMax));

    private Device CreateBase()
    {
        int number = ++_lastDeviceNumber;
        _ = OpenTransaction();
        ThinMessageStatus created = _pool.CreateThin(number);
        if (created != ThinMessageStatus.Ok)
            throw new ArgumentException($"the pool on host {_host.Spec.Name} is too small for a base device");
        _ = _metadata.ReplaceFile(BaseName, DeviceJsonBytes);
        CloseTransaction();
        ThinDevice thin = _pool.Open(number, _options.BaseDeviceBytes);
        IFileSystem fileSystem = FileSystemFormat.Make(
            _options.FileSystem ?? "xfs", thin, _host.Spec.Kernel, isBaseDevice: true, _options.MkfsArguments, _host.Clock);
        _ = _metadata.ReplaceFile(BaseName, DeviceJsonBytes);
        _ = _metadata.ReplaceFile("deviceset-metadata", DeviceJsonBytes);
        return new Device(number, thin, fileSystem);
    }

    private DriverOutcome CheckFreeSpace()
    {
        if (_options.MinFreeSpacePercent == 0)
            return DriverOutcome.Ok;
        long dataFree = _pool.DataTotalBlockCount - _pool.DataUsedBlockCount;
        long dataMinimum = Math.Max(1, _pool.DataTotalBlockCount * _options.MinFreeSpacePercent / 100);
        if (dataFree < dataMinimum)
        {
            return DriverOutcome.Refused(
                $"devmapper: Thin Pool has {dataFree} free data blocks which is less than minimum required {dataMinimum} free data blocks. "
                + "Create more free space in thin pool or use dm.min_free_space option to change behavior");
        }

        long metadataFree = _pool.MetadataTotalBlockCount - _pool.MetadataUsedBlockCount;
        long metadataMinimum = Math.Max(1, _pool.MetadataTotalBlockCount * _options.MinFreeSpacePercent / 100);
        return metadataFree >= metadataMinimum
            ? DriverOutcome.Ok
            : DriverOutcome.Refused(
                $"devmapper: Thin Pool has {metadataFree} free metadata blocks which is less than minimum required {metadataMinimum} free metadata blocks. "
                + "Create more free metadata space in thin pool or use dm.min_free_space option to change behavior");
    }

    private FsStatus Mount(string id, Device device)
    {
        FsStatus status = _mountPoints.MakeDirectory(id, out _);
        if (status == FsStatus.Ok)
            status = device.FileSystem.Mount(_options.DiscardsFreedBlocks);
        if (status != FsStatus.Ok)
            return status;
        // driver.go, Get: the root of the layer, and beside it a file with the layer's id, made once.
        InodeId top = device.FileSystem.Root;
        if (!device.FileSystem.TryLookup(top, _rootName, out device.Root))
            status = device.FileSystem.Create(top, _rootName, InodeKind.Directory, out device.Root);
        if (status == FsStatus.Ok && !device.FileSystem.TryLookup(top, _idName, out InodeId idFile))
        {
            status = device.FileSystem.Create(top, _idName, InodeKind.File, out idFile);
            if (status == FsStatus.Ok)
                status = device.FileSystem.Write(idFile, 0, id.Length);
        }

        if (status != FsStatus.Ok)
            _ = device.FileSystem.Unmount();
        return status;
    }

    /// <summary>The word of <c>dmsetup status</c>.</summary>
    private static string ModeText(ThinPoolMode mode) => mode switch
    {
        ThinPoolMode.Write => "rw",
        ThinPoolMode.OutOfDataSpace => "out_of_data_space",
        _ => "ro",
    };

    private FsStatus OpenTransaction() => _metadata.ReplaceFile("transaction-metadata", TransactionJsonBytes);

    private void CloseTransaction() => _ = _pool.SetTransactionId(_pool.TransactionId, _pool.TransactionId + 1);

    private sealed class Device(int number, ThinDevice thin, IFileSystem fileSystem)
    {
        /// <summary>Directory <c>rootfs</c>, once the device has been mounted.</summary>
        public InodeId Root;

        /// <summary>Device id in the pool.</summary>
        public int Number { get; } = number;

        public ThinDevice Thin { get; } = thin;

        public IFileSystem FileSystem { get; } = fileSystem;

        public int MountCount { get; set; }
    }
}
