namespace StorageLab.Model.FileSystems;

/// <summary>What an inode is.</summary>
public enum InodeKind : byte
{
    /// <summary>The inode is not in use.</summary>
    None,
    File,
    Directory,
    Symlink,

    /// <summary>A device node, FIFO or socket. overlay2's whiteouts are character devices 0/0.</summary>
    Special,
}
