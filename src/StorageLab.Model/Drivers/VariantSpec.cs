using System.Collections.Immutable;

namespace StorageLab.Model.Drivers;

/// <summary>One curve of a run: a driver with its storage options on a host.</summary>
public sealed record VariantSpec
{
    /// <summary>Label in tables and plots, unique in a run, e.g. <c>loop-lvm</c> or <c>loop-lvm dm.blkdiscard=false</c>.</summary>
    public required string Name { get; init; }

    /// <summary>"loop-lvm", "direct-lvm" or "overlay2".</summary>
    public required string Driver { get; init; }

    public required HostSpec Host { get; init; }

    /// <summary>Storage options by Docker's names, lower case, e.g. <c>dm.blkdiscard</c> to <c>false</c>.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
