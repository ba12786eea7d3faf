using System.Collections.Immutable;
using StorageLab.Model.Drivers;

namespace StorageLab.Host.Docker;

/// <summary>What <c>docker info</c> says of the storage driver, line by line.</summary>
/// <param name="Driver">Docker's name of it: overlay2, devicemapper, ….</param>
/// <param name="Lines">Names and values as they are printed.</param>
/// <param name="RootFolder">Docker's root directory.</param>
public sealed record DaemonDriver(string Driver, ImmutableArray<KeyValuePair<string, string>> Lines, string RootFolder)
{
    /// <summary>Path of loop-lvm's data file; null with another driver.</summary>
    public string? DataFile => Find("Data loop file");

    /// <summary>Path of loop-lvm's metadata file; null with another driver.</summary>
    public string? MetadataFile => Find("Metadata loop file");

    /// <summary>Name of the thin pool's device; null with another driver.</summary>
    public string? PoolName => Find("Pool Name");

    /// <summary>The driver by the lab's name; null for one that it does not know.</summary>
    public string? LabDriver => Driver switch
    {
        "overlay2" => DriverNames.Overlay2,
        "devicemapper" => DataFile is null ? DriverNames.DirectLvm : DriverNames.LoopLvm,
        _ => null,
    };

    private string? Find(string name) => Lines.FirstOrDefault(line => line.Key == name).Value is { Length: > 0 } value ? value : null;
}
