namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>What only ext4 keeps of an inode, beside the <see cref="Inode"/> of the same index.</summary>
internal struct Ext4Inode
{
    /// <summary>Bytes used in a directory's only block; 0 once it is indexed.</summary>
    public int DirectoryBytes;

    /// <summary>Names ever entered into a directory: what their hashes are drawn from.</summary>
    public int EntryOrdinal;

    /// <summary>Group where the children of a directory went when its own flex group was full (i_last_alloc_group), plus one; 0 for none.</summary>
    public int OverflowGroup;

    /// <summary>Calls of fsync, up to 2: a file synced once may be closed since, one synced again was held open.</summary>
    public byte FsyncCount;

    /// <summary>Bytes of extended attributes within the inode.</summary>
    public byte AttributeBytes;

    /// <summary>Block that holds the extended attributes the inode has no room for; 0 for none.</summary>
    public long AttributeBlock;

    /// <summary>Leaf and index blocks of the extent tree.</summary>
    public int TreeBlockCount;

    /// <summary>Where the tree's blocks lie, by their ordinal.</summary>
    public FileExtents Tree;

    /// <summary>Leaves of a directory with more than one block.</summary>
    public DirectoryIndex? Index;
}
