namespace StorageLab.Model.FileSystems;

/// <summary>How a file-system call ended; the names are those of errno.</summary>
public enum FsStatus : byte
{
    Ok,

    /// <summary>ENOSPC: no block, no inode or no thin block is left.</summary>
    NoSpace,

    /// <summary>ENOENT.</summary>
    NotFound,

    /// <summary>EEXIST.</summary>
    Exists,

    /// <summary>ENOTDIR.</summary>
    NotDirectory,

    /// <summary>EISDIR.</summary>
    IsDirectory,

    /// <summary>ENOTEMPTY.</summary>
    NotEmpty,

    /// <summary>EXDEV: the rename crosses layers or file systems.</summary>
    CrossDevice,

    /// <summary>ELOOP: more than 40 symbolic links on the way.</summary>
    TooManyLinks,

    /// <summary>EFBIG.</summary>
    FileTooLarge,

    /// <summary>EIO: the device below failed, or the file system has shut down.</summary>
    IoError,

    /// <summary>EROFS: the file system has gone read-only.</summary>
    ReadOnly,

    /// <summary>EOPNOTSUPP or ENOTTY: this file system, or the device below, cannot do it.</summary>
    NotSupported,
}
