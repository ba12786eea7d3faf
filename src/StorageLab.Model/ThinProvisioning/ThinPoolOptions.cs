using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;
using StorageLab.Model.Drivers;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>The thin-pool line of a device-mapper table, and the kernel that reads it.</summary>
public sealed record ThinPoolOptions
{
    /// <summary>Smallest block a pool may have and the unit of all others.</summary>
    [ModelConstant(ModelPart.ThinPool, "bytes", "Linux drivers/md/dm-thin.c: DATA_DEV_BLOCK_SIZE_MIN_SECTORS")]
    public const long DataBlockBytesMin = 64 << 10;

    /// <summary>Largest block a pool may have.</summary>
    [ModelConstant(ModelPart.ThinPool, "bytes", "Linux drivers/md/dm-thin.c: DATA_DEV_BLOCK_SIZE_MAX_SECTORS")]
    public const long DataBlockBytesMax = 1L << 30;

    /// <summary>
    /// Bytes of a pool block: a multiple of 64 KiB from 64 KiB to 1 GiB. Docker's loop files use 64 KiB, its automatic direct-lvm 512 KiB.
    /// </summary>
    public required long DataBlockBytes { get; init; }

    public required KernelVersion Kernel { get; init; }

    /// <summary>An event is sent when no more data blocks than these are free; Docker's loop pools use 32,768.</summary>
    public long LowWaterMarkBlocks { get; init; }

    /// <summary>Whether a write that finds no block fails at once instead of waiting up to 60 s.</summary>
    public bool ErrorIfNoSpace { get; init; }

    /// <summary>Whether discards of blocks that nobody maps any more go on to the data device, if that takes discards.</summary>
    public bool DiscardPassdown { get; init; } = true;

    /// <summary>Whether a new block is zeroed before a write that does not cover it. Docker asks for <c>skip_block_zeroing</c>.</summary>
    public bool ZeroNewBlocks { get; init; }

    /// <summary>
    /// Largest request the data device takes, in bytes; the recorded machines' disk says 255 sectors (BLK_SAFE_MAX_SECTORS). The stripe unit
    /// that mkfs finds hangs on it, and whether a write can replace a whole block.
    /// </summary>
    public int DataMaximumIoBytes { get; init; } = DeviceLimits.MaximumIoBytesDefault;

    /// <exception cref="ArgumentException">The block size is not one a pool can have.</exception>
    internal void Validate()
    {
        if (DataBlockBytes < DataBlockBytesMin || DataBlockBytes > DataBlockBytesMax || DataBlockBytes % DataBlockBytesMin != 0)
        {
            throw new ArgumentException(
                $"a pool block of {DataBlockBytes} bytes is not possible; it must be a multiple of 64 KiB from 64 KiB to 1 GiB");
        }
    }
}
