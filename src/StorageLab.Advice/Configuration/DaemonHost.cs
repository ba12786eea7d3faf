using StorageLab.Model.Drivers;

namespace StorageLab.Advice.Configuration;

/// <summary>What is known of the host that a configuration is for; null where it is not.</summary>
/// <param name="Kernel">Its release.</param>
/// <param name="HasFileTypes">Whether Docker's root tells the type of a directory entry: xfs with ftype=1, ext4 always.</param>
public sealed record DaemonHost(KernelVersion? Kernel, bool? HasFileTypes)
{
    /// <summary>First kernel that takes several lower directories, and CentOS's first with that backported: Docker's stated minimum for overlay2
    /// (docs.docker.com, OverlayFS storage driver).</summary>
    private static readonly KernelVersion OverlayMainline = new(4, 0, 0);
    private static readonly KernelVersion OverlayEnterprise = new(3, 10, 514);

    public static DaemonHost Unknown { get; } = new(null, null);

    /// <summary>Whether Docker takes overlay2 by itself; null when what is known does not decide it.</summary>
    public bool? TakesOverlay2 => HasFileTypes == false || Kernel is { } known && !IsNewEnough(known)
        ? false
        : Kernel is null || HasFileTypes is null ? null : true;

    private static bool IsNewEnough(KernelVersion kernel) => kernel >= (kernel.EnterpriseBuild > 0 ? OverlayEnterprise : OverlayMainline);
}
