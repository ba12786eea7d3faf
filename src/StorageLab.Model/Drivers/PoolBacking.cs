using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Drivers;

/// <summary>What lies under a thin pool.</summary>
/// <param name="Data">The pool's data device.</param>
/// <param name="Metadata">The pool's metadata device.</param>
/// <param name="Disk">The disk both end on.</param>
/// <param name="RootDisk">The disk of Docker's root where it is another one; else null.</param>
/// <param name="DataFile">The sparse file of a loop device on the host's file system; none for a volume.</param>
/// <param name="MetadataFile">As <paramref name="DataFile"/>, for the metadata.</param>
public sealed record PoolBacking(
    IBlockDevice Data, IBlockDevice Metadata, Disk Disk, Disk? RootDisk, InodeId DataFile, InodeId MetadataFile);
