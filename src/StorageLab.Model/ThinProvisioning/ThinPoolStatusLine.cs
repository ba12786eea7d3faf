using System.Globalization;
using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>What <c>dmsetup status</c> prints for a pool. Source: pool_status, drivers/md/dm-thin.c.</summary>
internal static class ThinPoolStatusLine
{
    /// <summary>Highest metadata low-water mark: 4 MiB.</summary>
    [ModelConstant(ModelPart.ThinPool, "metadata blocks", "Linux drivers/md/dm-thin.c: calc_metadata_threshold")]
    private const int MetadataLowWaterMarkBlocksMax = 1024;

    /// <summary>Smaller devices have it at this part of their blocks.</summary>
    [ModelConstant(ModelPart.ThinPool, "part of the blocks", "Linux drivers/md/dm-thin.c: calc_metadata_threshold")]
    private const int MetadataLowWaterMarkDivisor = 4;

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
            $"0 {pool.Data.LengthBytes / DeviceLimits.SectorBytes} thin-pool {pool.TransactionId} {metadata} {data} - {mode} ")
            + (pool.PassesDiscardsDown ? "discard_passdown " : "no_discard_passdown ")
            + (pool.FailsWithoutSpace ? "error_if_no_space " : "queue_if_no_space ")
            + (pool.NeedsCheck ? "needs_check " : "- ");
        if (!traits.ReportsMetadataLowWaterMark)
            return line;
        long mark = Math.Min(pool.MetadataTotalBlockCount / MetadataLowWaterMarkDivisor, MetadataLowWaterMarkBlocksMax);
        return string.Create(CultureInfo.InvariantCulture, $"{line}{mark} ");
    }

    private static string Ratio(long used, long total) => string.Create(CultureInfo.InvariantCulture, $"{used}/{total}");
}
