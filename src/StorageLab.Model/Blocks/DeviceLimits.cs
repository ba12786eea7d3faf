namespace StorageLab.Model.Blocks;

/// <summary>What a device tells the parts above about itself, as /sys/block/*/queue does.</summary>
/// <param name="DiscardGranularityBytes">Smallest unit a discard can free, in bytes; 0 when the device takes no discards.</param>
/// <param name="MinimumIoBytes">Preferred smallest write, in bytes: mkfs takes it as the stripe unit when it exceeds one sector.</param>
/// <param name="OptimalIoBytes">Preferred large write, in bytes: mkfs takes it as the stripe width; 0 when the device has no opinion.</param>
public readonly record struct DeviceLimits(long DiscardGranularityBytes, int MinimumIoBytes, int OptimalIoBytes)
{
    public bool TakesDiscards => DiscardGranularityBytes > 0;
}
