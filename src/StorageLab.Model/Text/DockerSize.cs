using System.Globalization;

namespace StorageLab.Model.Text;

/// <summary>Sizes as Docker's options take them: every suffix counts in 1024s, so that <c>10G</c>, <c>10GB</c> and <c>10GiB</c> are the
/// same.</summary>
/// <remarks>Source: docker/go-units v0.4.0, RAMInBytes.</remarks>
public static class DockerSize
{
    /// <summary>Reads a size in bytes; false when it is none or exceeds 2^63 - 1.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        ReadOnlySpan<char> rest = text;
        if (rest is [.., 'b' or 'B'])
            rest = rest[..^1];
        if (rest is [.., 'i' or 'I'])
            rest = rest[..^1];
        var shift = 0;
        if (rest.Length > 0 && "kmgtp".IndexOf(char.ToLowerInvariant(rest[^1])) is var power and >= 0)
        {
            shift = 10 * (power + 1);
            rest = rest[..^1];
        }

        if (rest is [.., ' '])
            rest = rest[..^1];
        // Digits on both ends and at most one point: what strconv.ParseFloat then accepts of go-units' pattern.
        if (rest.Length is 0 or > 20 || !char.IsAsciiDigit(rest[0]) || !char.IsAsciiDigit(rest[^1])
            || !decimal.TryParse(rest, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            || number > long.MaxValue >> shift)
            return false;
        bytes = (long)(number * (1L << shift));
        return true;
    }
}
