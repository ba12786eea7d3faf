namespace StorageLab.Model.ThinProvisioning;

/// <summary>How a pool message (<c>dmsetup message POOL 0 create_thin 1</c>) ended.</summary>
public enum ThinMessageStatus : byte
{
    /// <summary>Done, and committed to the metadata device.</summary>
    Ok,

    /// <summary>EEXIST: a device of that id exists.</summary>
    Exists,

    /// <summary>ENODATA: no device of that id exists.</summary>
    NotFound,

    /// <summary>EBUSY: the device is open.</summary>
    Busy,

    /// <summary>EINVAL: the transaction id is not the one the caller believed.</summary>
    Mismatch,

    /// <summary>EOPNOTSUPP: the pool's metadata is read-only.</summary>
    ReadOnly,

    /// <summary>The metadata device is full or failed; the transaction was rolled back and the pool is read-only now.</summary>
    MetadataFailed,
}
