namespace StorageLab.Model.ThinProvisioning;

/// <summary>What a pool still does, best first. Source: drivers/md/dm-thin.c, enum pool_mode.</summary>
public enum ThinPoolMode : byte
{
    /// <summary>Metadata may be changed.</summary>
    Write,

    /// <summary>No data block is free: what is mapped alone can be read and written, anything that needs a block waits or fails.</summary>
    OutOfDataSpace,

    /// <summary>
    /// Only the reserve of the metadata device is left (kernels from 4.20): nothing may be mapped any more. <c>dmsetup</c> prints it as
    /// <c>ro</c>.
    /// </summary>
    OutOfMetadataSpace,

    /// <summary>
    /// A metadata operation failed and its transaction was rolled back: mappings are frozen until <c>thin_check</c> has run.
    /// </summary>
    ReadOnly,
}
