using System.Collections.Immutable;
using StorageLab.Model.Blocks;
using StorageLab.Model.ThinProvisioning;

namespace StorageLab.Model.Measurement;

/// <summary>What a run came to on one variant. Every metric has its one definition here.</summary>
/// <remarks>Sums leave out sample 0, the daemon's start on a fresh disk: it is the price of the driver, not of the work.
/// Peaks and final values include it, so a run that was stopped before its first step still has them.</remarks>
public sealed record VariantSummary
{
    /// <summary>Size of a pool's metadata block , in bytes.</summary>
    public const int MetadataBlockBytes = MetadataBlocks.BlockBytes;

    private const long NanosecondsPerSecond = 1_000_000_000;

    public required string Variant { get; init; }

    public required string Driver { get; init; }

    /// <summary>Storage options as <c>key=value</c> joined by blanks.</summary>
    public required string Options { get; init; }

    /// <summary>Steps done, without the daemon's start.</summary>
    public required int StepCount { get; init; }

    /// <summary>Steps Docker said no to, with its own text; the host is unchanged by them.</summary>
    public required int RefusedStepCount { get; init; }

    /// <summary>Steps in which the storage gave out.</summary>
    public required int FailedStepCount { get; init; }

    /// <summary>Docker's or the kernel's text of the first failed step; empty when none failed.</summary>
    public required string FirstFailure { get; init; }

    /// <summary>Backing allocated after the daemon's start.</summary>
    public required long FreshBackingBytes { get; init; }

    public required long PeakBackingBytes { get; init; }

    public required long FinalBackingBytes { get; init; }

    /// <summary>Largest sum of layers and container files that Docker held at once.</summary>
    public required long PeakLiveBytes { get; init; }

    public required long FinalLiveBytes { get; init; }

    /// <summary>What the delete steps took off the live bytes.</summary>
    public required long DeletedLiveBytes { get; init; }

    /// <summary>What the same delete steps took off the backing: negative when deleting cost space.</summary>
    public required long GivenBackBytes { get; init; }

    /// <summary>Pool metadata in use at its peak, in blocks of <see cref="MetadataBlockBytes"/>; null without a pool.</summary>
    public required long? PeakMetadataUsedBlocks { get; init; }

    public required long? FinalMetadataUsedBlocks { get; init; }

    /// <summary>Pool data in use at the end, in bytes; null without a pool.</summary>
    public required long? FinalPoolDataBytes { get; init; }

    /// <summary>Inodes in use on the file system that holds Docker's root.</summary>
    public required long PeakInodes { get; init; }

    public required long FinalInodes { get; init; }

    public required long PeakPageCacheBytes { get; init; }

    /// <summary>What arrived at each floor, indexed by <see cref="Floor"/>; null where the stack has no such floor.</summary>
    public required ImmutableArray<IoCounters?> Floors { get; init; }

    /// <summary>Virtual time from the end of the daemon's start to the end of the run, waiting included.</summary>
    public required long VirtualNanoseconds { get; init; }

    /// <summary>Virtual time of all steps but <c>wait</c>: how long the host worked.</summary>
    public required long BusyNanoseconds { get; init; }

    /// <summary>Null when no step was done.</summary>
    public required SlowestStep? SlowestStep { get; init; }

    /// <summary>By operation word, in the order of the word.</summary>
    public required ImmutableArray<OperationCost> OperationCosts { get; init; }

    /// <summary>What the backing still holds above a fresh host and above what is live: lost space and the file systems' own overhead; at least 0.</summary>
    public long NotGivenBackBytes => Math.Max(0, FinalBackingBytes - FreshBackingBytes - FinalLiveBytes);

    /// <summary>File content that Docker and the containers asked to write.</summary>
    public long ContentWriteBytes => Floors[(int)Floor.Content]?.WriteBytes ?? 0;

    /// <summary>Bytes written to the host's disks, the one of Docker's root included.</summary>
    public long DiskWriteBytes => (Floors[(int)Floor.Disk]?.WriteBytes ?? 0) + (Floors[(int)Floor.RootDisk]?.WriteBytes ?? 0);

    /// <summary>Bytes on the disks per byte of content; null when nothing was written.</summary>
    public double? WriteAmplification => AmplificationAt(DiskWriteBytes);

    /// <summary>Content bytes per second of <see cref="BusyNanoseconds"/>; null when no time passed.</summary>
    public long? ThroughputBytesPerSecond => BusyNanoseconds == 0
        ? null
        : (long)((Int128)ContentWriteBytes * NanosecondsPerSecond / BusyNanoseconds);

    /// <summary>Bytes written at a floor per byte of content; null when nothing was written or the stack has no such floor.</summary>
    public double? WriteAmplificationAt(Floor floor) => floor == Floor.Disk
        ? WriteAmplification
        : Floors[(int)floor] is { } counters ? AmplificationAt(counters.WriteBytes) : null;

    private double? AmplificationAt(long writeBytes) => ContentWriteBytes == 0 ? null : (double)writeBytes / ContentWriteBytes;
}
