using System.Collections.Immutable;
using StorageLab.Advice.Hosts;
using StorageLab.Model.Drivers;

namespace StorageLab.Advice.Rules;

/// <summary>One line of driver-rules.csv: on which hosts a driver works, and who says so.</summary>
/// <remarks>An empty condition holds for every host. A fact that is not known does not hold a rule back that allows; it does hold back one that
/// refuses, because nobody should move on a guess.</remarks>
public sealed record DriverRule
{
    /// <summary>Docker where its version is not known: the last that chooses among all three drivers.</summary>
    public static readonly DockerVersion Assumed = new(20, 10);

    public required string Id { get; init; }

    /// <summary>"loop-lvm", "direct-lvm" or "overlay2".</summary>
    public required string Driver { get; init; }

    /// <summary>File systems of Docker's root it speaks of; empty for any.</summary>
    public required ImmutableArray<string> Backing { get; init; }

    /// <summary>IDs of os-release; empty for any.</summary>
    public required ImmutableArray<string> Distributions { get; init; }

    /// <summary>Oldest kernel; null for any.</summary>
    public required KernelVersion? KernelMin { get; init; }

    /// <summary>Oldest kernel of CentOS and RHEL, which count their backports themselves; null where <see cref="KernelMin"/> holds for them too.</summary>
    public required KernelVersion? KernelMinEnterprise { get; init; }

    public required DockerVersion? DockerMin { get; init; }

    /// <summary>Last version, in full.</summary>
    public required DockerVersion? DockerMax { get; init; }

    public required bool? HasFileTypes { get; init; }

    public required RuleVerdict Verdict { get; init; }

    public required string Reason { get; init; }

    public required string Source { get; init; }

    /// <summary>Whether the rule speaks of a host.</summary>
    public bool Holds(HostFacts host)
    {
        bool whenUnknown = Verdict != RuleVerdict.Refuse;
        return Fits(Backing, host.BackingFileSystem, whenUnknown)
            && Fits(Distributions, host.Distribution, whenUnknown && Distributions.IsEmpty)
            && (KernelMin is null || (host.Kernel is { } kernel ? IsNewEnough(kernel) : whenUnknown))
            && (DockerMin is not { } oldest || (host.DockerVersion ?? Assumed) >= oldest)
            && (DockerMax is not { } newest || (host.DockerVersion ?? Assumed) <= newest)
            && (HasFileTypes is not { } fileTypes || (host.HasFileTypes is { } has ? has == fileTypes : whenUnknown));
    }

    private bool IsNewEnough(KernelVersion kernel) => kernel.EnterpriseBuild > 0 && KernelMinEnterprise is { } enterprise
        ? kernel >= enterprise
        : kernel >= KernelMin!.Value;

    private static bool Fits(ImmutableArray<string> wanted, string? value, bool whenUnknown) =>
        wanted.IsEmpty || (value is null ? whenUnknown : wanted.Contains(value));
}
