using System.Globalization;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>What <c>dmsetup status</c> prints for a pool. Source: pool_status, drivers/md/dm-thin.c.</summary>
internal static class ThinPoolStatusLine
{
    private const int SectorBytes = 512;

    // Metadata low-water mark: a quarter of the blocks, at most 4 MiB (calc_metadata_threshold, dm-thin.c).
    private const int MetadataLowWaterMarkBlocksMax = 1024;

    public static string Format(ThinPool pool, ThinKernelTraits traits)
    {
        string mode = pool.Mode switch
        {
            ThinPoolMode.Write => "rw",
            ThinPoolMode.OutOfDataSpace => "out_of_data_space",
            _ => "ro",
        };
        string metadata = Ratio(pool.MetadataUsedBlockCount, pool.MetadataTotalBlockCount);
        string data = Ratio(pool.DataUsedBlockCount, pool.DataTotalBlockCount);
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"0 {pool.Data.LengthBytes / SectorBytes} thin-pool {pool.TransactionId} {metadata} {data} - {mode} ")
            + (pool.PassesDiscardsDown ? "discard_passdown " : "no_discard_passdown ")
            + (pool.FailsWithoutSpace ? "error_if_no_space " : "queue_if_no_space ")
            + (pool.NeedsCheck ? "needs_check " : "- ");
        if (!traits.ReportsMetadataLowWaterMark)
            return line;
        long mark = Math.Min(pool.MetadataTotalBlockCount / 4, MetadataLowWaterMarkBlocksMax);
        return string.Create(CultureInfo.InvariantCulture, $"{line}{mark} ");
    }

    private static string Ratio(long used, long total) => string.Create(CultureInfo.InvariantCulture, $"{used}/{total}");
}
