using StorageLab.Model.Constants;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>
/// The value of a mapping: the data block in the upper 40 bits, the pool time when it was mapped in the lower 24 (pack_block_time,
/// dm-thin-metadata.c).
/// </summary>
internal static class PackedMapping
{
    /// <summary>Largest pool time.</summary>
    public const uint TimeMax = (1u << TimeBits) - 1;

    /// <summary>Bits of a mapping's time stamp.</summary>
    [ModelConstant(ModelPart.Metadata, "bits", "Linux drivers/md/dm-thin-metadata.c: pack_block_time")]
    private const int TimeBits = 24;

    public static ulong Pack(int dataBlock, uint time) => ((ulong)(uint)dataBlock << TimeBits) | (time & TimeMax);

    public static int DataBlock(ulong packed) => (int)(packed >> TimeBits);

    public static uint Time(ulong packed) => (uint)(packed & TimeMax);
}
