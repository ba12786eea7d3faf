namespace StorageLab.Model.Images;

/// <summary>Draws the ids that a daemon draws at random (containers, cache ids), the same ones for the same seed.</summary>
/// <remarks>SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).</remarks>
public sealed class IdSource(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 hexadecimal digits whose first 12 are not all decimal, as pkg/stringid draws them.</summary>
    public string Next()
    {
        while (true)
        {
            string id = string.Create(64, this, static (text, source) =>
            {
                for (var index = 0; index < text.Length; index += 16)
                    source.NextUInt64().TryFormat(text[index..], out _, "x16");
            });
            if (id.AsSpan(0, 12).ContainsAnyExceptInRange('0', '9'))
                return id;
        }
    }

    private ulong NextUInt64()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
