using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;
using StorageLab.Model.ThinProvisioning;

namespace StorageLab.Model.Drivers;

/// <summary>direct-lvm: the thin pool on two logical volumes of a disk of its own, set up as Docker does with dm.directlvm_device.</summary>
/// <remarks>
/// A volume group over the whole disk; 95 % of its extents become the data volume, 1 % the metadata volume, which LVM mirrors in a spare of
/// the same size and wipes. Source: daemon/graphdriver/devmapper/device_setup.go (setupDirectLVM); recorded runs S1-direct-lvm (run.json: lvs, table).
/// </remarks>
public static class DirectLvm
{
    /// <summary>Extent of a volume group.</summary>
    [ModelConstant(ModelPart.Devicemapper, "bytes", "lvm2 lib/config/defaults.h: DEFAULT_EXTENT_SIZE")]
    private const long ExtentBytes = 4L << 20;

    /// <summary>Where the first extent starts.</summary>
    [ModelConstant(ModelPart.Devicemapper, "bytes",
        "lvm2 lib/config/defaults.h: DEFAULT_PE_ALIGN; recorded run S1-direct-lvm: 2048 sectors")]
    private const long FirstExtentBytes = 1L << 20;

    /// <summary>setup-config.json, the remembered dm.directlvm options.</summary>
    [ModelConstant(ModelPart.Devicemapper, "bytes",
        "moby daemon/graphdriver/devmapper/device_setup.go: writeLVMConfig; one block whatever they are")]
    private const long SetupConfigBytes = 130;

    public static DriverKind Kind { get; } = new(
        DriverNames.DirectLvm,
        "devicemapper on a thin pool of a block device",
        Build);

    private static DevicemapperDriver Build(HostMachine host, StorageOptions options)
    {
        Disk disk = host.AddDisk();
        long extentCount = (disk.LengthBytes - FirstExtentBytes) / ExtentBytes;
        long dataBytes = extentCount * options.ThinpPercent / 100 * ExtentBytes;
        long metadataBytes = extentCount * options.ThinpMetaPercent / 100 * ExtentBytes;
        if (metadataBytes == 0)
            throw new ArgumentException($"host {host.Spec.Name}: a disk of {disk.LengthBytes} bytes leaves no extent for the pool's metadata", nameof(host));
        LogicalVolume data = new(disk, FirstExtentBytes, dataBytes);
        LogicalVolume metadata = new(disk, FirstExtentBytes + dataBytes, metadataBytes);
        ZeroMetadata(disk, FirstExtentBytes + dataBytes, metadataBytes);
        if (options.ThinPoolDevice is null)
            _ = host.Root.WriteFile("devicemapper/setup-config.json", SetupConfigBytes);
        ThinPoolOptions poolOptions = new()
        {
            DataBlockBytes = options.ThinBlockBytes,
            LowWaterMarkBlocks = 0,
            Kernel = host.Spec.Kernel,
            DataMaximumIoBytes = host.Spec.DiskMaximumIoBytes,
        };
        ThinPool pool = new(data, metadata, poolOptions, host.Clock);
        return new DevicemapperDriver(host, options, pool, new PoolBacking(data, metadata, disk, host.Disk, default, default));
    }

    /// <summary>lvconvert wipes the metadata volume and its spare (recorded run S1-direct-lvm, step 0: 1353 MB written for two volumes of 642 MB).</summary>
    private static void ZeroMetadata(Disk disk, long startBytes, long metadataBytes)
    {
        _ = disk.Write(startBytes, metadataBytes);
        _ = disk.Write(startBytes + metadataBytes, metadataBytes);
    }
}
