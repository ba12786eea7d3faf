using System.Collections.Immutable;
using StorageLab.Model.Drivers;

namespace StorageLab.Advice.Hosts;

/// <summary>What is known of a host that Docker runs on; null where nothing told it.</summary>
public sealed record HostFacts
{
    /// <summary>ID of os-release, e.g. <c>centos</c>, <c>ubuntu</c>.</summary>
    public string? Distribution { get; init; }

    /// <summary>VERSION_ID of os-release, e.g. <c>7</c>, <c>14.04</c>.</summary>
    public string? DistributionVersion { get; init; }

    public KernelVersion? Kernel { get; init; }

    /// <summary>The kernel's release as it was told.</summary>
    public string? KernelRelease { get; init; }

    public DockerVersion? DockerVersion { get; init; }

    /// <summary>What Docker uses now: loop-lvm, direct-lvm, overlay2, or another driver's name.</summary>
    public string? Driver { get; init; }

    /// <summary>File system of Docker's root: xfs, ext4, ….</summary>
    public string? BackingFileSystem { get; init; }

    /// <summary>Whether it tells file types: xfs with ftype=1; ext4 does.</summary>
    public bool? HasFileTypes { get; init; }

    public string DockerRoot { get; init; } = "/var/lib/docker";

    /// <summary>Size and free space of the file system of Docker's root.</summary>
    public long? RootTotalBytes { get; init; }

    public long? RootFreeBytes { get; init; }

    /// <summary>Disks without partitions, file system or mount, largest first: what direct-lvm or a new file system could take.</summary>
    public ImmutableArray<SpareDisk> SpareDisks { get; init; } = [];

    /// <summary>Whether somebody looked for spare disks.</summary>
    public bool KnowsDisks { get; init; }

    /// <summary>What each fact was read from, and what could not be read and why: a line each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}
