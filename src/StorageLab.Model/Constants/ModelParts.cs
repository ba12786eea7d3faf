namespace StorageLab.Model.Constants;

/// <summary>What each part of the model is called, and what it is.</summary>
public static class ModelParts
{
    /// <summary>The name a reader types, e.g. <c>xfs</c>.</summary>
    public static string NameOf(ModelPart part) => part switch
    {
        ModelPart.Disk => "disk",
        ModelPart.FileSystem => "file-system",
        ModelPart.Xfs => "xfs",
        ModelPart.Ext4 => "ext4",
        ModelPart.ThinPool => "thin-pool",
        ModelPart.Metadata => "metadata",
        ModelPart.Devicemapper => "devicemapper",
        ModelPart.Overlay2 => "overlay2",
        ModelPart.Daemon => "daemon",
        ModelPart.DockerDefaults => "docker-defaults",
        ModelPart.Kernel => "kernel",
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    public static string DescriptionOf(ModelPart part) => part switch
    {
        ModelPart.Disk => "disks, loop devices and what they tell the parts above",
        ModelPart.FileSystem => "what xfs and ext4 have in common: names, links, the page cache",
        ModelPart.Xfs => "xfs on the host and in every thin device: mkfs, log, directories, inodes, allocation",
        ModelPart.Ext4 => "ext4 on the host and in thin devices: mkfs, journal, directories, inodes, allocation",
        ModelPart.ThinPool => "the thin pool: blocks, commits, what happens when it is full",
        ModelPart.Metadata => "the pool's metadata device: B-trees and space maps, block by block",
        ModelPart.Devicemapper => "the devicemapper driver and the volumes below its pool",
        ModelPart.Overlay2 => "the overlay2 driver",
        ModelPart.Daemon => "the layer store and the daemon's own files",
        ModelPart.DockerDefaults => "what Docker takes when no option says otherwise",
        ModelPart.Kernel => "changes of the kernel, by the first mainline release that has them",
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };
}
