using StorageLab.Model.Blocks;

namespace StorageLab.Model.Measurement;

/// <summary>The state of one host after one step, and what the step did. A null number means that the driver has no such thing.</summary>
public sealed record Sample
{
    public required string Scenario { get; init; }

    public required string Variant { get; init; }

    public required string Driver { get; init; }

    /// <summary>Storage options as <c>key=value</c> joined by blanks; empty for the defaults.</summary>
    public required string Options { get; init; }

    /// <summary>"model", "io" or "docker".</summary>
    public required string Engine { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>0 is the daemon's first start on a fresh disk; the scenario's steps count from 1.</summary>
    public required int StepIndex { get; init; }

    /// <summary>The operation in Docker's word: pull, run, write, rmi, ….</summary>
    public required string Operation { get; init; }

    public required string Target { get; init; }

    /// <summary>How the step ended.</summary>
    public required StepResult Result { get; init; }

    /// <summary>Docker's or the kernel's text when the step did not succeed; else empty.</summary>
    public required string Error { get; init; }

    /// <summary>Simulated (engine model) or wall time since the start, at the end of the step.</summary>
    public required long ElapsedNanoseconds { get; init; }

    /// <summary>Simulated or wall time of the step alone.</summary>
    public required long StepNanoseconds { get; init; }

    /// <summary>Sizes of all layers the layer store holds: what Docker thinks its images occupy.</summary>
    public required long LiveLayersBytes { get; init; }

    /// <summary>Files that containers wrote and still hold: what <c>docker ps -s</c> adds.</summary>
    public required long LiveContainersBytes { get; init; }

    public required int LayerCount { get; init; }

    public required int ImageCount { get; init; }

    public required int DanglingImageCount { get; init; }

    public required int ContainerCount { get; init; }

    public required int RunningContainerCount { get; init; }

    /// <summary>What the driver's storage holds of the disk and nobody else can use: loop-lvm the allocation of both sparse files,
    /// direct-lvm the used data and metadata blocks of the pool, overlay2 the allocation of its directory,
    /// with blocks that files share counted once.</summary>
    public required long BackingAllocatedBytes { get; init; }

    public long? DataFileAllocatedBytes { get; init; }

    public long? DataFileApparentBytes { get; init; }

    public long? MetadataFileAllocatedBytes { get; init; }

    public long? PoolDataUsedBlocks { get; init; }

    public long? PoolDataTotalBlocks { get; init; }

    public long? PoolMetadataUsedBlocks { get; init; }

    public long? PoolMetadataTotalBlocks { get; init; }

    /// <summary>Metadata blocks that a newer kernel holds back and counts as used; 0 on older ones.</summary>
    public long? PoolMetadataReservedBlocks { get; init; }

    public long? PoolBlockBytes { get; init; }

    /// <summary>rw, ro, out_of_data_space, or Fail, as <c>dmsetup status</c> prints it.</summary>
    public string? PoolMode { get; init; }

    public long? ThinDeviceCount { get; init; }

    public required long HostFsTotalBytes { get; init; }

    public required long HostFsUsedBytes { get; init; }

    public required long HostFsUsedInodes { get; init; }

    public long? GraphDirAllocatedBytes { get; init; }

    public long? GraphDirInodes { get; init; }

    public required long PageCacheBytes { get; init; }

    /// <summary>What arrived at each floor during the step, indexed by <see cref="Floor"/>; null where the stack has no such floor.</summary>
    public required IReadOnlyList<IoCounters?> Floors { get; init; }

    public long LiveBytes => LiveLayersBytes + LiveContainersBytes;

    public IoCounters? At(Floor floor) => Floors[(int)floor];
}
