using StorageLab.Model.Drivers;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>What differs between kernels in dm-thin and its persistent-data library.</summary>
internal readonly record struct ThinKernelTraits
{
    public ThinKernelTraits(KernelVersion kernel)
    {
        ResetsCursorAtCommit = !kernel.IsAtLeast(5, 14);
        FillsSiblings = kernel.IsAtLeast(5, 14);
        ReservesMetadata = kernel.IsAtLeast(4, 20);
        ReportsMetadataLowWaterMark = kernel.IsAtLeast(4, 19);
        FlushesDataAtCommit = kernel.IsAtLeast(5, 5);
    }

    /// <summary>Whether allocation begins at block 0 again after a commit (before commit 5faafc77f7de, Linux 5.14).</summary>
    public bool ResetsCursorAtCommit { get; }

    /// <summary>
    /// Whether a full node first gives entries to its siblings and then splits two into three (commit 4eafdb1515a7, Linux 5.14) instead of
    /// halving itself.
    /// </summary>
    public bool FillsSiblings { get; }

    /// <summary>
    /// Whether min(4,096, a tenth) of the metadata blocks is held back and counted as used (dm-thin-metadata.c, Linux 4.20).
    /// </summary>
    public bool ReservesMetadata { get; }

    /// <summary>Whether the status line ends with the metadata low-water mark (commit 63c8ecb6261a, Linux 4.19).</summary>
    public bool ReportsMetadataLowWaterMark { get; }

    /// <summary>
    /// Whether a commit flushes the data device before it writes metadata (commit 694cfe7f31db, Linux 5.5); before, only a flush from above
    /// reached it.
    /// </summary>
    public bool FlushesDataAtCommit { get; }
}
