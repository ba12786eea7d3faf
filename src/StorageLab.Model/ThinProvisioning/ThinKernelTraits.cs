using StorageLab.Model.Drivers;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>What differs between kernels in dm-thin and its persistent-data library.</summary>
internal readonly record struct ThinKernelTraits
{
    public ThinKernelTraits(KernelVersion kernel)
    {
        ResetsCursorAtCommit = kernel < KernelChanges.PoolCursorOutlivesCommit;
        FillsSiblings = kernel >= KernelChanges.PoolTreesFillSiblings;
        ReservesMetadata = kernel >= KernelChanges.PoolReservesMetadata;
        ReportsMetadataLowWaterMark = kernel >= KernelChanges.PoolReportsMetadataLowWaterMark;
        FlushesDataAtCommit = kernel >= KernelChanges.PoolCommitFlushesData;
    }

    /// <summary>Whether allocation begins at block 0 again after a commit.</summary>
    public bool ResetsCursorAtCommit { get; }

    /// <summary>
    /// Whether a full node first gives entries to its siblings and then splits two into three instead of
    /// halving itself.
    /// </summary>
    public bool FillsSiblings { get; }

    /// <summary>
    /// Whether min(4,096, a tenth) of the metadata blocks is held back and counted as used.
    /// </summary>
    public bool ReservesMetadata { get; }

    /// <summary>Whether the status line ends with the metadata low-water mark.</summary>
    public bool ReportsMetadataLowWaterMark { get; }

    /// <summary>
    /// Whether a commit flushes the data device before it writes metadata; before, only a flush from above
    /// reached it.
    /// </summary>
    public bool FlushesDataAtCommit { get; }
}
