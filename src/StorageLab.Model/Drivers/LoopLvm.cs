using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;
using StorageLab.Model.FileSystems;
using StorageLab.Model.ThinProvisioning;

namespace StorageLab.Model.Drivers;

/// <summary>loop-lvm: the thin pool on two loop devices over sparse files of the host. What Docker did by itself where nothing else was set up.</summary>
/// <remarks>Source: daemon/graphdriver/devmapper/deviceset.go (initDevmapper, ensureImage); table line of pkg/devicemapper/devmapper.go (CreatePool).</remarks>
public static class LoopLvm
{
    /// <summary>Directory of the two files under Docker's root.</summary>
    public const string FileDirectory = "devicemapper/devicemapper";

    /// <summary>Low-water mark Docker loads into the pool's table.</summary>
    [ModelConstant(ModelPart.Devicemapper, "data blocks", "moby pkg/devicemapper/devmapper.go: CreatePool")]
    private const long LowWaterBlockCount = 32768;

    /// <summary>Block of the host's file system, in which holes are punched: what mkfs.xfs and mkfs.ext4 make.</summary>
    [ModelConstant(ModelPart.Disk, "bytes", "xfsprogs mkfs/xfs_mkfs.c: XFS_DFL_BLOCKSIZE_LOG; e2fsprogs misc/mke2fs.conf: blocksize")]
    private const int HostBlockBytes = 4096;

    public static DriverKind Kind { get; } = new(
        DriverNames.LoopLvm,
        "devicemapper on a sparse file of the host",
        Build);

    private static DevicemapperDriver Build(HostMachine host, StorageOptions options)
    {
        LoopDevice data = Attach(host, "data", options.LoopDataBytes, out InodeId dataFile);
        LoopDevice metadata = Attach(host, "metadata", options.LoopMetadataBytes, out InodeId metadataFile);
        ThinPoolOptions poolOptions = new()
        {
            DataBlockBytes = options.ThinBlockBytes,
            LowWaterMarkBlocks = LowWaterBlockCount,
            Kernel = host.Spec.Kernel,
        };
        ThinPool pool = new(data, metadata, poolOptions, host.Clock);
        return new DevicemapperDriver(host, options, pool, new PoolBacking(data, metadata, host.Disk, null, dataFile, metadataFile));
    }

    private static LoopDevice Attach(HostMachine host, string name, long apparentBytes, out InodeId file)
    {
        FsStatus status = host.Root.MakeSparseFile($"{FileDirectory}/{name}", apparentBytes, out file);
        if (status != FsStatus.Ok)
            throw new ArgumentException($"host {host.Spec.Name}: its disk cannot hold {FileDirectory}/{name}: {ErrnoText.Of(status)}", nameof(host));
        return new LoopDevice(host.FileSystem, file, hostBlockBytes: HostBlockBytes);
    }
}
