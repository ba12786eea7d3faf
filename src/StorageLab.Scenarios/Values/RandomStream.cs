namespace StorageLab.Scenarios.Values;

/// <summary>Random numbers that are the same on every machine and in every version of .NET: xoshiro256**, seeded by SplitMix64.</summary>
/// <remarks>Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", and their public-domain reference
/// code.</remarks>
internal sealed class RandomStream
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    public RandomStream(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>A number in [least, most], all equally likely.</summary>
    public long Between(long least, long most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, least);
        ulong count = unchecked((ulong)(most - least) + 1);
        return count == 0 ? (long)Next() : least + (long)Below(count);
    }

    /// <summary>A seed of its own for a part of a scenario.</summary>
    public static ulong Mix(ulong seed, ulong part)
    {
        ulong state = unchecked(seed ^ (part * 0xd1342543de82ef95));
        return SplitMix(ref state);
    }

    // Numbers at the uneven end of the range are drawn again, so that none is likelier than another.
    private ulong Below(ulong count)
    {
        ulong uneven = unchecked(0UL - count) % count;
        ulong drawn = Next();
        while (drawn < uneven)
            drawn = Next();
        return drawn % count;
    }

    private ulong Next()
    {
        unchecked
        {
            ulong result = ulong.RotateLeft(_s1 * 5, 7) * 9;
            ulong shifted = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= shifted;
            _s3 = ulong.RotateLeft(_s3, 45);
            return result;
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            state += 0x9e3779b97f4a7c15;
            ulong mixed = state;
            mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
            return mixed ^ (mixed >> 31);
        }
    }
}
