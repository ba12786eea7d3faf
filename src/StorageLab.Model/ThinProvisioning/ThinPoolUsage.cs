using System.Collections.Immutable;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>Who holds a pool's data blocks, and how they lie.</summary>
/// <param name="Devices">By id.</param>
/// <param name="UsedBlockCount">Data blocks in use, shared ones once.</param>
/// <param name="SharedBlockCount">Those of them that several devices map.</param>
/// <param name="UsedRunCount">Runs of adjacent used blocks.</param>
/// <param name="HighestUsedBlock">The last one; -1 in an empty pool. A file below that is never punched reaches at least so far.</param>
/// <param name="LargestFreeRunBlockCount">Length of the longest run of free blocks.</param>
public sealed record ThinPoolUsage(
    ImmutableArray<ThinDeviceUsage> Devices, long UsedBlockCount, long SharedBlockCount, long UsedRunCount, long HighestUsedBlock,
    long LargestFreeRunBlockCount)
{
    /// <summary>Looks at every mapping and every block once.</summary>
    public static ThinPoolUsage Of(ThinPool pool)
    {
        ImmutableArray<ThinDeviceUsage> devices = [.. pool.DeviceIds.Select(id => UsageOf(pool, id))];
        long used = 0, shared = 0, runs = 0, freeRun = 0, longestFreeRun = 0, highest = -1;
        for (long block = 0; block < pool.DataTotalBlockCount; block++)
        {
            int references = pool.DataReferenceCount(block);
            freeRun = references == 0 ? freeRun + 1 : 0;
            longestFreeRun = Math.Max(longestFreeRun, freeRun);
            if (references == 0)
                continue;
            used++;
            runs += highest == block - 1 && used > 1 ? 0 : 1;
            highest = block;
            shared += references > 1 ? 1 : 0;
        }

        return new ThinPoolUsage(devices, used, shared, runs, highest, longestFreeRun);
    }

    private static ThinDeviceUsage UsageOf(ThinPool pool, int id)
    {
        long exclusive = 0;
        foreach (ThinMappingRun run in pool.MappedRuns(id))
        {
            for (long i = 0; i < run.BlockCount; i++)
                exclusive += pool.DataReferenceCount(run.DataBlock + i) == 1 ? 1 : 0;
        }

        return new ThinDeviceUsage(id, pool.MappedBlockCount(id), exclusive);
    }
}
