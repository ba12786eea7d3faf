namespace StorageLab.Model.Constants;

/// <summary>The part of a stack that a constant belongs to, from the bottom up.</summary>
public enum ModelPart
{
    Disk,
    FileSystem,
    Xfs,
    Ext4,
    ThinPool,
    Metadata,
    Devicemapper,
    Overlay2,
    Daemon,
    DockerDefaults,
    Kernel,
}
