using StorageLab.Model.Drivers;
using StorageLab.Model.Maps;
using StorageLab.Model.Measurement;
using StorageLab.Model.ThinProvisioning;
using Xunit;

namespace StorageLab.Model.Tests.Maps;

/// <summary>Judges a block map by what the pool's devices map, block by block, and by the sample of the same moment.</summary>
internal static class MapChecker
{
    public static void Check(DiskMap map, IGraphDriver driver, Sample sample)
    {
        for (var index = 1; index < map.Runs.Length; index++)
            Assert.True(map.Runs[index - 1].EndBytes <= map.Runs[index].StartBytes);
        Assert.All(map.Runs, run => Assert.InRange(run.Owner, 0, map.Owners.Count - 1));
        Assert.Equal(map.TotalBytes, Enum.GetValues<BlockUse>().Sum(map.BytesOf));
        if (driver is DevicemapperDriver devicemapper)
            CheckPool(map, devicemapper.Pool, sample);
        else
            Assert.InRange(map.Runs.Sum(run => run.LengthBytes), sample.GraphDirAllocatedBytes!.Value * 9 / 10, sample.HostFsUsedBytes);
    }

    private static void CheckPool(DiskMap map, ThinPool pool, Sample sample)
    {
        long blockBytes = pool.Options.DataBlockBytes;
        Assert.Equal(sample.PoolDataUsedBlocks * blockBytes, map.BytesOf(BlockUse.Live) + map.BytesOf(BlockUse.Shared));
        Dictionary<long, int> mappings = [];
        foreach (ThinMappingRun run in pool.DeviceIds.SelectMany(pool.MappedRuns))
        {
            for (long block = run.DataBlock; block < run.DataBlock + run.BlockCount; block++)
                mappings[block] = mappings.GetValueOrDefault(block) + 1;
        }

        foreach (DiskRun run in map.Runs)
        {
            for (long block = run.StartBytes / blockBytes; block < run.EndBytes / blockBytes; block++)
            {
                BlockUse use = mappings.GetValueOrDefault(block) switch { 0 => BlockUse.Held, 1 => BlockUse.Live, _ => BlockUse.Shared };
                if (use != run.Use)
                    Assert.Fail($"block {block} is {use}, the map says {run.Use}");
            }
        }

        if (sample.DataFileAllocatedBytes is { } allocated)
            Assert.True(map.Runs.Sum(run => run.LengthBytes) >= allocated);
        else
            Assert.Equal(0, map.BytesOf(BlockUse.Held));
    }
}
