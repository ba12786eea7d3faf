using System.Collections.Immutable;
using StorageLab.Model.Blocks;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Drivers;

/// <summary>The machine a driver runs on: kernel, disk and the file system that holds Docker's root.</summary>
public sealed record HostSpec
{
    public required string Name { get; init; }

    public required KernelVersion Kernel { get; init; }

    public required long DiskBytes { get; init; }

    public required DiskProfile Profile { get; init; }

    /// <summary>"xfs" or "ext4".</summary>
    public required string FileSystem { get; init; }

    /// <summary>Options of mkfs for the host's file system, e.g. <c>reflink=0</c>; empty for the defaults of the host's generation.</summary>
    public ImmutableArray<string> MkfsOptions { get; init; } = [];

    /// <summary>Pace at which ext4 zeroes in the background the inode tables that mkfs left to it (mount option init_itable, by default 10) on a disk formatted
    /// just before the first start; 0 where it is through with that, or was told not to (noinit_itable).</summary>
    public int InodeTableWaitMultiple { get; init; }

    /// <summary>Whether DOCKER_TMPDIR lies on another file system, so that downloads and unpacked archives pass this disk by (the recorded runs do so).</summary>
    public bool HasTemporaryFilesElsewhere { get; init; }

    /// <summary>Largest request the disk takes, in bytes (queue/max_sectors_kb); a thin pool's preferred request sizes hang on it.</summary>
    public int DiskMaximumIoBytes { get; init; } = DeviceLimits.MaximumIoBytesDefault;

    /// <summary>Date and time at which the host starts. Default: after the month in which the shipped images were made.</summary>
    public Timestamp StartedAt { get; init; } = Timestamp.Parse("2026-12-01T09:00:00Z");
}
