namespace StorageLab.Model.Drivers;

/// <summary>A way to keep layers on a disk, and how to stack it on a host.</summary>
/// <param name="Name">Name in scenarios and on the command line; one of <see cref="DriverNames.All"/>.</param>
/// <param name="Description">One line for listings.</param>
/// <param name="Build">Stacks the driver's parts on a fresh host and does what the daemon's first start does to the disk.</param>
public sealed record DriverKind(string Name, string Description, Func<HostMachine, StorageOptions, IGraphDriver> Build);
