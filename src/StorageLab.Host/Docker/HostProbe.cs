using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Mono.Unix.Native;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.ThinProvisioning;

namespace StorageLab.Host.Docker;

/// <summary>Reads what the disk under a daemon says: allocation of the loop files, counts of the pool, use of the file system, counters of the devices.</summary>
/// <remarks>It only reads; but whoever asks a thin pool for its status makes it commit first, as on every host.</remarks>
public sealed partial class HostProbe
{
    private const int BlockBytes = 512;
    private const int MetadataBlockBytes = 4096;

    /// <summary>Files of Docker's devicemapper metadata that stand for no device.</summary>
    private static readonly ImmutableArray<string> NoDevices = ["deviceset-metadata", "transaction-metadata"];

    private readonly DaemonDriver _driver;
    private readonly KernelVersion _kernel;
    private readonly string? _poolName;
    private readonly Dictionary<Floor, string> _devices = [];
    private readonly long? _blockBytes;

    /// <summary>Finds the devices under a daemon's root.</summary>
    /// <param name="driver">What the daemon says of its driver.</param>
    /// <param name="kernel">The host's.</param>
    /// <param name="poolDisk">With direct-lvm the disk under the pool, as <c>MAJOR:MINOR</c> or a name in /sys/block, where it is known.</param>
    public HostProbe(DaemonDriver driver, KernelVersion kernel, string? poolDisk = null)
    {
        _driver = driver;
        _kernel = kernel;
        _poolName = driver.PoolName;
        string? rootDisk = DeviceUnder(driver.RootFolder);
        if (rootDisk is not null)
            _devices[poolDisk is null ? Floor.Disk : Floor.RootDisk] = rootDisk;
        if (poolDisk is not null)
            _devices[Floor.Disk] = poolDisk;
        if (_poolName is null)
            return;
        _blockBytes = ThinPoolStatus.ParseBlockBytes(Command.Output("dmsetup", "table", _poolName));
        foreach ((Floor floor, string? file) in (ReadOnlySpan<(Floor, string?)>)[(Floor.DataDevice, driver.DataFile), (Floor.MetadataDevice, driver.MetadataFile)])
        {
            if (file is not null && LoopDeviceOf(file) is { } loop)
                _devices[floor] = loop;
        }

        FindMappedDevices();
    }

    /// <summary>Counters of every floor that there is.</summary>
    public IoCounters?[] ReadCounters()
    {
        var counters = new IoCounters?[Enum.GetValues<Floor>().Length];
        foreach ((Floor floor, string device) in _devices)
            counters[(int)floor] = BlockDeviceCounters.Read(device);
        return counters;
    }

    /// <summary>Fills in what the disk says.</summary>
    public Sample Observe(Sample sample)
    {
        if (Syscall.statvfs(_driver.RootFolder, out Statvfs usage) != 0)
            throw new MeasureException($"{_driver.RootFolder}: Docker's root is not there any more");
        var unitBytes = (long)usage.f_frsize;
        sample = sample with
        {
            HostFsTotalBytes = (long)usage.f_blocks * unitBytes,
            HostFsUsedBytes = (long)(usage.f_blocks - usage.f_bfree) * unitBytes,
            HostFsUsedInodes = (long)(usage.f_files - usage.f_ffree),
            PageCacheBytes = ReadPageCacheBytes(),
        };
        return _poolName is null ? ObserveFolder(sample) : ObservePool(sample, _poolName);
    }

    /// <summary>Sizes of the layers that Docker's layer store holds, and how many they are.</summary>
    public (long Bytes, int Count) ReadLayers()
    {
        (long bytes, int count) = (0, 0);
        string store = Path.Combine(_driver.RootFolder, "image", _driver.Driver, "layerdb", "sha256");
        if (!Directory.Exists(store))
            return (0, 0);
        foreach (string layer in Directory.EnumerateDirectories(store))
        {
            string size = Path.Combine(layer, "size");
            if (!File.Exists(size) || !long.TryParse(File.ReadAllText(size), NumberStyles.None, CultureInfo.InvariantCulture, out long layerBytes))
                continue;
            bytes += layerBytes;
            count++;
        }

        return (bytes, count);
    }

    private Sample ObservePool(Sample sample, string poolName)
    {
        ThinPoolStatus? status = ThinPoolStatus.Parse(Command.Output("dmsetup", "status", poolName));
        long? dataFileBytes = AllocatedBytes(_driver.DataFile), metadataFileBytes = AllocatedBytes(_driver.MetadataFile);
        long? reserved = status is null ? null : ThinPool.MetadataReserveOf(_kernel, status.MetadataTotalBlocks);
        long poolBytes = status is null ? 0 : (status.DataUsedBlocks * _blockBytes ?? 0) + ((status.MetadataUsedBlocks - (reserved ?? 0)) * MetadataBlockBytes);
        string metadataFolder = Path.Combine(_driver.RootFolder, "devicemapper", "metadata");
        return sample with
        {
            BackingAllocatedBytes = dataFileBytes is null ? poolBytes : dataFileBytes.Value + (metadataFileBytes ?? 0),
            DataFileAllocatedBytes = dataFileBytes,
            DataFileApparentBytes = _driver.DataFile is { } data ? new FileInfo(data).Length : null,
            MetadataFileAllocatedBytes = metadataFileBytes,
            PoolDataUsedBlocks = status?.DataUsedBlocks,
            PoolDataTotalBlocks = status?.DataTotalBlocks,
            PoolMetadataUsedBlocks = status?.MetadataUsedBlocks,
            PoolMetadataTotalBlocks = status?.MetadataTotalBlocks,
            PoolMetadataReservedBlocks = reserved,
            PoolBlockBytes = _blockBytes,
            PoolMode = status?.Mode ?? "Fail",
            ThinDeviceCount = Directory.Exists(metadataFolder)
                ? Directory.EnumerateFiles(metadataFolder).Count(file => !NoDevices.Contains(Path.GetFileName(file)))
                : null,
        };
    }

    private Sample ObserveFolder(Sample sample)
    {
        string folder = Path.Combine(_driver.RootFolder, _driver.Driver);
        (long allocatedBytes, long inodes) = FolderUse.Of(folder);
        return sample with
        {
            GraphDirAllocatedBytes = allocatedBytes,
            GraphDirInodes = inodes,
            BackingAllocatedBytes = allocatedBytes,
        };
    }

    private void FindMappedDevices()
    {
        string listing = Command.Output("dmsetup", "info", "-c", "--noheadings", "--separator", "|", "-o", "name,blkdevname");
        foreach (string line in listing.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split('|') is not [var name, var device])
                continue;
            if (name == _poolName)
                _devices[Floor.Thin] = device;
            // LVM names the volumes of a pool after it.
            else if (name == TrimPoolSuffix(_poolName!) + "_tdata")
                _devices[Floor.DataDevice] = device;
            else if (name == TrimPoolSuffix(_poolName!) + "_tmeta")
                _devices[Floor.MetadataDevice] = device;
        }
    }

    /// <summary>An active pool that holds devices is called <c>NAME-tpool</c> by LVM.</summary>
    private static string TrimPoolSuffix(string poolName) =>
        poolName.EndsWith("-tpool", StringComparison.Ordinal) ? poolName[..^"-tpool".Length] : poolName;

    private static long? AllocatedBytes(string? path) =>
        path is not null && Syscall.stat(path, out Stat stat) == 0 ? stat.st_blocks * BlockBytes : null;

    /// <summary>The device of the file system that holds a path, as <c>MAJOR:MINOR</c>; null where it is none, as with tmpfs.</summary>
    private static string? DeviceUnder(string path)
    {
        if (Syscall.stat(path, out Stat stat) != 0)
            return null;
        // makedev(3): 12 bits of the major number stand at 8, the rest of both around them.
        ulong major = ((stat.st_dev >> 8) & 0xFFF) | ((stat.st_dev >> 32) & ~0xFFFUL);
        ulong minor = (stat.st_dev & 0xFF) | ((stat.st_dev >> 12) & ~0xFFUL);
        string device = $"{major}:{minor}";
        return File.Exists($"/sys/dev/block/{device}/stat") ? device : null;
    }

    private static string? LoopDeviceOf(string file)
    {
        foreach (string device in Directory.EnumerateDirectories("/sys/block", "loop*"))
        {
            string backing = Path.Combine(device, "loop", "backing_file");
            if (File.Exists(backing) && File.ReadAllText(backing).TrimEnd('\n') == file)
                return Path.GetFileName(device);
        }

        return null;
    }

    private static long ReadPageCacheBytes()
    {
        Match cached = CachedLine().Match(File.ReadAllText("/proc/meminfo"));
        return cached.Success ? long.Parse(cached.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * 1024 : 0;
    }

    [GeneratedRegex(@"^Cached:\s+(\d{1,15}) kB", RegexOptions.Multiline)]
    private static partial Regex CachedLine();
}
