namespace StorageLab.Host.Docker;

/// <summary>The bytes of a file of which only the name and the size are known: the same for the same name and position, and never zero.</summary>
/// <remarks>Zeros would be left out by sparse copies and compressed away; different names begin at different places of one table of noise.</remarks>
public static class FileContent
{
    private const int NoiseBytes = 4 << 20;

    private static readonly byte[] Noise = MakeNoise();

    /// <summary>Fills a buffer with what stands at an offset of a file.</summary>
    /// <param name="name">Names the content.</param>
    /// <param name="offsetBytes">Where in the file the buffer begins; at least 0.</param>
    public static void Fill(ReadOnlySpan<char> name, long offsetBytes, Span<byte> buffer)
    {
        var at = (int)((HashOf(name) + (ulong)offsetBytes) % NoiseBytes);
        while (buffer.Length > 0)
        {
            int count = Math.Min(buffer.Length, NoiseBytes - at);
            Noise.AsSpan(at, count).CopyTo(buffer);
            buffer = buffer[count..];
            at = 0;
        }
    }

    /// <summary>FNV-1a, so that a name's place does not change with the runtime.</summary>
    private static ulong HashOf(ReadOnlySpan<char> name)
    {
        unchecked
        {
            ulong hash = 14695981039346656037;
            foreach (char c in name)
                hash = (hash ^ c) * 1099511628211;
            return hash >> 1;
        }
    }

    /// <summary>SplitMix64, its zero bytes replaced.</summary>
    private static byte[] MakeNoise()
    {
        var noise = new byte[NoiseBytes];
        unchecked
        {
            ulong state = 77;
            for (var i = 0; i < NoiseBytes; i += sizeof(ulong))
            {
                state += 0x9E3779B97F4A7C15;
                ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
                mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
                mixed ^= mixed >> 31;
                for (var b = 0; b < sizeof(ulong); b++, mixed >>= 8)
                    noise[i + b] = (byte)mixed == 0 ? (byte)0xA5 : (byte)mixed;
            }
        }

        return noise;
    }
}
