using StorageLab.Model.Constants;

namespace StorageLab.Model.Drivers;

/// <summary>What Docker 20.10 takes when no storage option says otherwise.</summary>
internal static class DockerDefaults
{
    /// <summary>Apparent size of loop-lvm's data file (dm.loopdatasize): 100 GiB.</summary>
    [ModelConstant(ModelPart.DockerDefaults, "bytes", "moby daemon/graphdriver/devmapper/deviceset.go: defaultDataLoopbackSize")]
    public const long LoopDataBytes = 100L << 30;

    /// <summary>Apparent size of loop-lvm's metadata file (dm.loopmetadatasize): 2 GiB.</summary>
    [ModelConstant(ModelPart.DockerDefaults, "bytes", "moby daemon/graphdriver/devmapper/deviceset.go: defaultMetaDataLoopbackSize")]
    public const long LoopMetadataBytes = 2L << 30;

    /// <summary>Virtual size of every image and container (dm.basesize): 10 GiB.</summary>
    [ModelConstant(ModelPart.DockerDefaults, "bytes", "moby daemon/graphdriver/devmapper/deviceset.go: defaultBaseFsSize")]
    public const long BaseDeviceBytes = 10L << 30;

    /// <summary>Data block of a pool that Docker makes on loop devices (dm.blocksize): 64 KiB.</summary>
    [ModelConstant(ModelPart.DockerDefaults, "bytes", "moby daemon/graphdriver/devmapper/deviceset.go: defaultThinpBlockSize")]
    public const long ThinBlockBytes = 64L << 10;

    /// <summary>Data block of a pool that Docker makes with lvconvert: 512 KiB.</summary>
    [ModelConstant(ModelPart.DockerDefaults, "bytes", "moby daemon/graphdriver/devmapper/device_setup.go: setupDirectLVM; recorded run S1-direct-lvm")]
    public const long DirectLvmBlockBytes = 512L << 10;

    /// <summary>Share of data and metadata blocks that must stay free for a new device (dm.min_free_space).</summary>
    [ModelConstant(ModelPart.DockerDefaults, "percent", "moby daemon/graphdriver/devmapper/deviceset.go: defaultMinFreeSpacePercent")]
    public const int MinFreeSpacePercent = 10;

    /// <summary>Share of the volume group for the pool's data (dm.thinp_percent).</summary>
    [ModelConstant(ModelPart.DockerDefaults, "percent", "moby daemon/graphdriver/devmapper/device_setup.go: setupDirectLVM")]
    public const int ThinpPercent = 95;

    /// <summary>Share of the volume group for the pool's metadata (dm.thinp_metapercent).</summary>
    [ModelConstant(ModelPart.DockerDefaults, "percent", "moby daemon/graphdriver/devmapper/device_setup.go: setupDirectLVM")]
    public const int ThinpMetaPercent = 1;

    /// <summary>Use from which dmeventd grows the pool (dm.thinp_autoextend_threshold).</summary>
    [ModelConstant(ModelPart.DockerDefaults, "percent", "moby daemon/graphdriver/devmapper/device_setup.go: setupDirectLVM")]
    public const int ThinpAutoextendThresholdPercent = 80;

    /// <summary>By how much of its size the pool is grown (dm.thinp_autoextend_percent).</summary>
    [ModelConstant(ModelPart.DockerDefaults, "percent", "moby daemon/graphdriver/devmapper/device_setup.go: setupDirectLVM")]
    public const int ThinpAutoextendPercent = 20;
}
