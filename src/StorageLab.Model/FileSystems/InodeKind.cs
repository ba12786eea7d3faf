namespace StorageLab.Model.FileSystems;

/// <summary>What an inode is.</summary>
public enum InodeKind : byte
{
    /// <summary>The inode is not in use.</summary>
    None,
    File,
    Directory,
    Symlink,

    /// <summary>A device node, FIFO or socket.</summary>
    Special,

    /// <summary>A character device 0/0, which overlayfs reads as "no such name below".</summary>
    Whiteout,
}
