using System.Globalization;
using StorageLab.Model.Drivers;

namespace StorageLab.Reports;

/// <summary>The host a variant ran on, as a reader of the results needs it.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Host">Name of the host in the scenario.</param>
/// <param name="Kernel">E.g. <c>3.10.0-1160.el7</c>.</param>
/// <param name="DiskBytes">Size of its disk.</param>
/// <param name="FileSystem">"xfs" or "ext4": what holds Docker's root.</param>
/// <param name="Profile">Name of its disk's profile.</param>
public sealed record RunHost(string Variant, string Host, string Kernel, long DiskBytes, string FileSystem, string Profile)
{
    public static RunHost Of(VariantSpec variant) => new(
        variant.Name, variant.Host.Name, TextOf(variant.Host.Kernel), variant.Host.DiskBytes, variant.Host.FileSystem, variant.Host.Profile.Name);

    /// <summary>A release in short; of Red Hat's the kernel tells the release.</summary>
    private static string TextOf(KernelVersion kernel) => kernel.EnterpriseBuild == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{kernel.Major}.{kernel.Minor}")
        : string.Create(CultureInfo.InvariantCulture, $"{kernel.Major}.{kernel.Minor}.0-{kernel.EnterpriseBuild}.el{kernel.Major + 4}");
}
