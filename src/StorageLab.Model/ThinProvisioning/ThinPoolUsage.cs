using System.Collections;
using System.Collections.Immutable;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>Who holds a pool's data blocks, and how they lie.</summary>
/// <param name="Devices">By id.</param>
/// <param name="UsedBlockCount">Data blocks that devices map, shared ones once.</param>
/// <param name="SharedBlockCount">Those of them that several devices map.</param>
/// <param name="UsedRunCount">Runs of adjacent used blocks.</param>
/// <param name="HighestUsedBlock">The last one; -1 in an empty pool. A file below that is never punched reaches at least so far.</param>
/// <param name="LargestFreeRunBlockCount">Length of the longest run of free blocks.</param>
public sealed record ThinPoolUsage(
    ImmutableArray<ThinDeviceUsage> Devices, long UsedBlockCount, long SharedBlockCount, long UsedRunCount, long HighestUsedBlock,
    long LargestFreeRunBlockCount)
{
    /// <summary>Looks at every mapping twice and at every block once, with two bits a block.</summary>
    public static ThinPoolUsage Of(ThinPool pool)
    {
        BitArray used = new(checked((int)pool.DataTotalBlockCount));
        BitArray shared = new(used.Length);
        foreach (int block in pool.DeviceIds.SelectMany(id => BlocksOf(pool, id)))
        {
            shared[block] |= used[block];
            used[block] = true;
        }

        ImmutableArray<ThinDeviceUsage> devices =
            [.. pool.DeviceIds.Select(id => new ThinDeviceUsage(id, pool.MappedBlockCount(id), BlocksOf(pool, id).Count(block => !shared[block])))];
        long usedCount = 0, sharedCount = 0, runs = 0, freeRun = 0, longestFreeRun = 0, highest = -1;
        for (var block = 0; block < used.Length; block++)
        {
            freeRun = used[block] ? 0 : freeRun + 1;
            longestFreeRun = Math.Max(longestFreeRun, freeRun);
            if (!used[block])
                continue;
            usedCount++;
            sharedCount += shared[block] ? 1 : 0;
            runs += block > 0 && used[block - 1] ? 0 : 1;
            highest = block;
        }

        return new ThinPoolUsage(devices, usedCount, sharedCount, runs, highest, longestFreeRun);
    }

    private static IEnumerable<int> BlocksOf(ThinPool pool, int id)
    {
        foreach (ThinMappingRun run in pool.MappedRuns(id))
        {
            for (var i = 0; i < run.BlockCount; i++)
                yield return (int)run.DataBlock + i;
        }
    }
}
