namespace StorageLab.Model.FileSystems;

/// <summary>What every file system keeps of an inode; what only one format knows lies in that format's own table under the same index.</summary>
internal struct Inode
{
    public InodeKind Kind;

    public ExtendedAttributes Attributes;

    /// <summary>Whether the time of the last read is newer than every change, so that another read does not log it again.</summary>
    public bool HasFreshAccessTime;

    public int LinkCount;

    /// <summary>Id of a symbolic link's <see cref="Images.LinkTarget"/>.</summary>
    public int TargetId;

    public long SizeBytes;

    /// <summary>Blocks held: data, delayed allocations, directory and mapping blocks.</summary>
    public long AllocatedBlocks;

    /// <summary>Number of the inode on the disk, from which its place follows.</summary>
    public long DiskNumber;

    public FileExtents Extents;
}
