using System.Numerics;
using StorageLab.Model.Blocks;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>
/// What a thin device says of itself, which mkfs turns into stripe unit and width. Source: pool_io_hints and thin_io_hints,
/// drivers/md/dm-thin.c.
/// </summary>
internal static class ThinDeviceLimits
{
    /// <summary>Largest piece in which a thin device passes a request on, in bytes; a larger one is split (max_io_len, drivers/md/dm.c).</summary>
    public static long LargestRequestBytes(ThinPoolOptions options)
    {
        int sectors = LargestRequest(options.DataMaximumIoBytes / DeviceLimits.SectorBytes, (int)(options.DataBlockBytes / DeviceLimits.SectorBytes));
        return (long)sectors * DeviceLimits.SectorBytes;
    }

    public static DeviceLimits For(ThinPoolOptions options, DeviceLimits data)
    {
        var blockSectors = (int)(options.DataBlockBytes / DeviceLimits.SectorBytes);
        int optimalSectors = data.OptimalIoBytes / DeviceLimits.SectorBytes;
        if (optimalSectors >= blockSectors && optimalSectors % blockSectors == 0)
            return new DeviceLimits(options.DataBlockBytes, data.MinimumIoBytes, data.OptimalIoBytes);
        int requestSectors = LargestRequest(options.DataMaximumIoBytes / DeviceLimits.SectorBytes, blockSectors);
        int minimumSectors = blockSectors % requestSectors == 0 ? requestSectors : blockSectors;
        return new DeviceLimits(options.DataBlockBytes, minimumSectors * DeviceLimits.SectorBytes, blockSectors * DeviceLimits.SectorBytes);
    }

    // A disk that cannot take a whole block at once is asked for the largest power of two that divides it.
    private static int LargestRequest(int maximumSectors, int blockSectors)
    {
        int sectors = Math.Max(maximumSectors, 1);
        while (sectors < blockSectors && blockSectors % sectors != 0)
        {
            if (BitOperations.IsPow2(sectors))
                sectors--;
            sectors = 1 << BitOperations.Log2((uint)sectors);
        }

        return sectors;
    }
}
