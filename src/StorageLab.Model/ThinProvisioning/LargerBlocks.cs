namespace StorageLab.Model.ThinProvisioning;

/// <summary>What the devices of a pool would take if its blocks were larger.</summary>
/// <remarks>A large block is there where any of its parts is mapped, and two devices share one only where they share all its parts: the first write
/// to any of them copied the whole.</remarks>
public static class LargerBlocks
{
    /// <summary>Data blocks that hold the same devices.</summary>
    /// <param name="factor">How many of the pool's blocks make one; at least 1.</param>
    public static long Count(ThinPool pool, int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        HashSet<LargeBlock> distinct = [];
        foreach (int id in pool.DeviceIds)
        {
            LargeBlock current = default;
            foreach (ThinMappingRun run in pool.MappedRuns(id))
            {
                for (long i = 0; i < run.BlockCount; i++)
                {
                    long index = (run.VirtualBlock + i) / factor;
                    if (current.PartCount > 0 && index != current.Index)
                    {
                        _ = distinct.Add(current);
                        current = default;
                    }

                    current = current.With(index, (run.VirtualBlock + i) % factor, run.DataBlock + i);
                }
            }

            if (current.PartCount > 0)
                _ = distinct.Add(current);
        }

        return distinct.Count;
    }

    /// <summary>A large block by its place in the device and a digest of 128 bits of its parts.</summary>
    private readonly record struct LargeBlock(long Index, int PartCount, ulong DigestLow, ulong DigestHigh)
    {
        public LargeBlock With(long index, long part, long dataBlock) => new(
            index, PartCount + 1,
            Mix(DigestLow ^ (ulong)dataBlock, (ulong)part), Mix(DigestHigh + (ulong)part, (ulong)dataBlock ^ ulong.MaxValue));

        // splitmix64's finaliser.
        private static ulong Mix(ulong state, ulong value)
        {
            unchecked
            {
                ulong mixed = state + value * 0x9E3779B97F4A7C15UL + 1;
                mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
                mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
                return mixed ^ (mixed >> 31);
            }
        }
    }
}
