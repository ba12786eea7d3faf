namespace StorageLab.Model.Measurement;

/// <summary>What kind of trouble an error text tells of, whoever worded it.</summary>
public enum ErrorKind
{
    /// <summary>The step succeeded.</summary>
    None,

    /// <summary>ENOSPC or a full pool.</summary>
    NoSpace,

    /// <summary>Docker's minimum of free thin-pool blocks.</summary>
    MinimumFreeSpace,

    /// <summary>Discards are not supported there.</summary>
    NoDiscard,

    /// <summary>An image or container in use, or with children.</summary>
    Conflict,

    /// <summary>An unknown image, container, file or device.</summary>
    NotFound,

    /// <summary>EIO, or a file system that has shut down.</summary>
    IoError,

    /// <summary>Anything else.</summary>
    Other,
}
