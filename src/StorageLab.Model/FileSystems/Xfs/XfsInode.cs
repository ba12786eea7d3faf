namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>What only xfs keeps of an inode.</summary>
internal struct XfsInode
{
    /// <summary>Bytes the names of a short-form directory take in the inode; 0 for everything else.</summary>
    public int ShortFormBytes;

    /// <summary>Bytes of the extended attributes within the inode, with their header.</summary>
    public int AttributeBytes;

    /// <summary>Bytes of the inode's literal area set aside for the attribute fork; 0 without one.</summary>
    public int AttributeForkBytes;

    /// <summary>Blocks of the extent B+tree below the inode, numbered from 0 in the order they were added.</summary>
    public FileExtents MapBlocks;

    public int MapBlockCount;

    /// <summary>Whether blocks of this file may be shared with another (XFS_DIFLAG2_REFLINK).</summary>
    public bool IsReflinked;

    /// <summary>The blocks of a directory that has outgrown its inode.</summary>
    public DirectoryBlocks? Directory;

    /// <summary>Blocks set aside or placed for copy on write, not yet part of the file (the CoW fork); dropped at unmount.</summary>
    public FileExtents CopyOnWrite;
}
