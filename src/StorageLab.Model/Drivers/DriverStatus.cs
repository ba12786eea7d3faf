namespace StorageLab.Model.Drivers;

/// <summary>What a driver says of itself in <c>docker info</c>.</summary>
/// <param name="BackingFileSystem">File system of its directories or devices, as Docker names it.</param>
public abstract record DriverStatus(string BackingFileSystem)
{
    /// <summary>overlay2 (daemon/graphdriver/overlay2/overlay.go, Status).</summary>
    /// <param name="SupportsDType">Whether the file system's directories tell a file's type.</param>
    public sealed record Overlay2(string BackingFileSystem, bool SupportsDType) : DriverStatus(BackingFileSystem);

    /// <summary>devicemapper (daemon/graphdriver/devmapper/driver.go, Status).</summary>
    /// <param name="IsLoop">Whether the pool lies on sparse files.</param>
    /// <param name="BlockBytes">The pool's block.</param>
    /// <param name="BaseDeviceBytes">Virtual size of every image and container.</param>
    /// <param name="Data">Blocks of the data device, in bytes.</param>
    /// <param name="Metadata">Blocks of the metadata device, in bytes, the kernel's reserve counted as used.</param>
    /// <param name="MinimumFreeBytes">Below this no new device is made (dm.min_free_space).</param>
    /// <param name="IsDeferredRemovalOn">dm.use_deferred_removal.</param>
    /// <param name="IsDeferredDeletionOn">dm.use_deferred_deletion.</param>
    /// <param name="DeferredDeletedCount">Devices that wait to be deleted.</param>
    public sealed record Devicemapper(
        string BackingFileSystem, bool IsLoop, long BlockBytes, long BaseDeviceBytes, PoolSpace Data, PoolSpace Metadata, long MinimumFreeBytes,
        bool IsDeferredRemovalOn, bool IsDeferredDeletionOn, int DeferredDeletedCount) : DriverStatus(BackingFileSystem);

    /// <param name="UsedBytes">In use.</param>
    /// <param name="TotalBytes">In all.</param>
    /// <param name="AvailableBytes">Free; for a sparse file no more than its file system has free.</param>
    public readonly record struct PoolSpace(long UsedBytes, long TotalBytes, long AvailableBytes);
}
