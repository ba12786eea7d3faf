namespace StorageLab.Model.Blocks;

/// <summary>How a block request ended. The names are the kernel's error numbers, which is what the parts above see.</summary>
public enum IoStatus : byte
{
    /// <summary>The request was served.</summary>
    Ok,

    /// <summary>ENOSPC: a thin pool or the file below has no block left.</summary>
    NoSpace,

    /// <summary>EIO: the device below failed, or a sparse file's host is full (the loop driver turns ENOSPC into EIO).</summary>
    IoError,

    /// <summary>EROFS: the device or its metadata is read-only.</summary>
    ReadOnly,

    /// <summary>EOPNOTSUPP: the device takes no discards.</summary>
    NotSupported,
}
