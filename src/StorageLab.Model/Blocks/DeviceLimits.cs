using StorageLab.Model.Constants;

namespace StorageLab.Model.Blocks;

/// <summary>What a device tells the parts above about itself, as /sys/block/*/queue does.</summary>
/// <param name="DiscardGranularityBytes">Smallest unit a discard can free, in bytes; 0 when the device takes no discards.</param>
/// <param name="MinimumIoBytes">Preferred smallest write, in bytes: mkfs takes it as the stripe unit when it exceeds one sector.</param>
/// <param name="OptimalIoBytes">Preferred large write, in bytes: mkfs takes it as the stripe width; 0 when the device has no opinion.</param>
public readonly record struct DeviceLimits(long DiscardGranularityBytes, int MinimumIoBytes, int OptimalIoBytes)
{
    /// <summary>The unit of device-mapper tables, and the smallest write.</summary>
    [ModelConstant(ModelPart.Disk, "bytes", "Linux include/linux/blk_types.h: SECTOR_SIZE")]
    public const int SectorBytes = 512;

    /// <summary>Largest request of a disk that does not say less (queue/max_sectors_kb): 1,280 KiB.</summary>
    [ModelConstant(ModelPart.Disk, "bytes", "Linux include/linux/blkdev.h: BLK_DEF_MAX_SECTORS")]
    public const int MaximumIoBytesDefault = 1280 << 10;

    public bool TakesDiscards => DiscardGranularityBytes > 0;
}
