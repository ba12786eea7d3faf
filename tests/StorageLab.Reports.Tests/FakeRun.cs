using System.Collections.Immutable;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;

namespace StorageLab.Reports.Tests;

/// <summary>A host that pulls and deletes, made of a few lines of arithmetic, with the shapes of the recorded runs of scenario S1:
/// loop-lvm comes back down, without discards it never does, direct-lvm pays for big blocks, overlay2 follows the live data.</summary>
internal sealed class FakeRun
{
    private const long Mebibyte = 1 << 20;

    public static readonly string[] Variants = ["loop-lvm", "loop-lvm dm.blkdiscard=false", "direct-lvm", "overlay2"];

    private static readonly HostSpec Host = new()
    {
        Name = "host",
        Kernel = new KernelVersion(6, 1, 0),
        DiskBytes = 60L << 30,
        FileSystem = "xfs",
        Profile = new DiskProfile
        {
            Name = "sata-ssd",
            ReadBytesPerSecond = 500_000_000,
            WriteBytesPerSecond = 400_000_000,
            ReadLatencyNanoseconds = 100_000,
            WriteLatencyNanoseconds = 50_000,
            SeekNanoseconds = 0,
            FlushNanoseconds = 1_000_000,
            QueueDepth = 32,
        },
    };

    public static Scenario Scenario(int stepCount, params string[] variants) => new()
    {
        Name = "pull-delete-churn",
        Title = "Pull and delete",
        Seed = 7,
        Names = new NameTable(),
        StepCount = stepCount,
        Steps = [],
        Variants = [.. (variants.Length == 0 ? Variants : variants).Select(v => new VariantSpec { Name = v, Driver = v.Split(' ')[0], Host = Host })],
    };

    /// <summary>Sample 0 and one per step; the same at every call.</summary>
    public static IEnumerable<Sample> Samples(string variant, int stepCount, ulong seed = 7)
    {
        Random random = new((int)seed);
        Queue<long> images = new();
        FakeRun host = new(variant);
        yield return host.Sample(0, "daemon_start", "", seed, 0);
        for (var step = 1; step <= stepCount; step++)
        {
            // The last quarter of a short run deletes what is left, as a tutorial's script does.
            bool delete = images.Count > 0 && (random.Next(10) < (images.Count > 6 ? 7 : 3) || step > stepCount - images.Count);
            long bytes = delete ? images.Dequeue() : random.Next(4, 120) * Mebibyte;
            if (!delete)
                images.Enqueue(bytes);
            host.Change(delete, bytes);
            yield return host.Sample(step, delete ? "rmi" : "load", $"image-{step % 12}:1", seed, delete ? 0 : bytes);
        }
    }

    private readonly string _variant;
    private readonly string _driver;
    private long _liveBytes;
    private long _highBytes;
    private long _elapsed;

    private FakeRun(string variant) => (_variant, _driver) = (variant, variant.Split(' ')[0]);

    private bool HasPool => _driver != "overlay2";

    private bool KeepsHighWater => _variant.Contains("blkdiscard=false", StringComparison.Ordinal);

    private long FreshBytes => _driver switch { "overlay2" => 0, "direct-lvm" => 73 * Mebibyte, _ => 65 * Mebibyte };

    private long UsedBytes => FreshBytes + _driver switch
    {
        "overlay2" => _liveBytes * 108 / 100,
        "direct-lvm" => _liveBytes * 138 / 100,
        _ => _liveBytes * 119 / 100,
    };

    private void Change(bool delete, long bytes)
    {
        _liveBytes += delete ? -bytes : bytes;
        // Freed blocks are not used again before the allocator has gone round, so every load makes the file longer.
        _highBytes = KeepsHighWater && !delete ? Math.Max(UsedBytes, Math.Max(_highBytes, FreshBytes) + bytes * 119 / 100) : Math.Max(_highBytes, UsedBytes);
    }

    private Sample Sample(int step, string operation, string target, ulong seed, long contentBytes)
    {
        long backing = KeepsHighWater ? Math.Max(_highBytes, FreshBytes) : UsedBytes;
        long diskBytes = contentBytes * (_driver switch { "overlay2" => 105, "direct-lvm" => 125, _ => 151 }) / 100;
        long nanoseconds = 20_000_000 + diskBytes * (_driver == "loop-lvm" ? 9 : 6);
        _elapsed += nanoseconds;
        return new Sample
        {
            Scenario = "pull-delete-churn",
            Variant = _variant,
            Driver = _driver,
            Options = KeepsHighWater ? "dm.blkdiscard=false" : "",
            Engine = "model",
            Seed = seed,
            StepIndex = step,
            Operation = operation,
            Target = target,
            Result = StepResult.Ok,
            Error = "",
            ElapsedNanoseconds = _elapsed,
            StepNanoseconds = nanoseconds,
            LiveLayersBytes = _liveBytes,
            LiveContainersBytes = 0,
            LayerCount = step,
            ImageCount = step,
            DanglingImageCount = 0,
            ContainerCount = 0,
            RunningContainerCount = 0,
            BackingAllocatedBytes = backing,
            DataFileAllocatedBytes = _driver == "loop-lvm" ? backing : null,
            DataFileApparentBytes = _driver == "loop-lvm" ? 100L << 30 : null,
            MetadataFileAllocatedBytes = _driver == "loop-lvm" ? Mebibyte : null,
            PoolDataUsedBlocks = HasPool ? UsedBytes / 65536 : null,
            PoolDataTotalBlocks = HasPool ? 1_638_400 : null,
            PoolMetadataUsedBlocks = HasPool ? 4244 + (UsedBytes >> 22) : null,
            PoolMetadataTotalBlocks = HasPool ? 524_288 : null,
            PoolBlockBytes = HasPool ? 65536 : null,
            PoolMode = HasPool ? "rw" : null,
            ThinDeviceCount = HasPool ? 3 : null,
            HostFsTotalBytes = 60L << 30,
            HostFsUsedBytes = (500 * Mebibyte) + backing,
            HostFsUsedInodes = _driver == "overlay2" ? 57 + (_liveBytes >> 14) : 60,
            GraphDirAllocatedBytes = HasPool ? null : backing,
            GraphDirInodes = HasPool ? null : 2 + (_liveBytes >> 14),
            PageCacheBytes = _liveBytes,
            Floors = FloorsOf(contentBytes, diskBytes),
        };
    }

    private ImmutableArray<IoCounters?> FloorsOf(long contentBytes, long diskBytes) =>
    [
        Written(contentBytes),
        HasPool ? Written(contentBytes * 116 / 100) : null,
        HasPool ? Written(contentBytes * 118 / 100) : null,
        HasPool ? Written(contentBytes / 200) : null,
        Written(diskBytes),
        null,
    ];

    private static IoCounters Written(long bytes) => new() { WriteCount = bytes / 4096, WriteBytes = bytes, FlushCount = 1 };
}
