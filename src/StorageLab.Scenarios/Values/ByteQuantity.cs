using System.Globalization;

namespace StorageLab.Scenarios.Values;

/// <summary>Sizes as scenarios write them: <c>4096</c>, <c>10MiB</c>, <c>1.5GB</c>, <c>64K</c>.</summary>
/// <remarks>The suffixes mean what they mean to dd and truncate: K, M, G, T and KiB, MiB, GiB, TiB count in 1024s; kB, KB, MB, GB, TB in
/// 1000s.
/// Docker's own options are read by Docker's rule instead, where 10GB is 10 GiB.</remarks>
internal static class ByteQuantity
{
    private static readonly (string Suffix, long Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1_000), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("K", 1L << 10), ("k", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("T", 1L << 40), ("B", 1),
    ];

    /// <summary>Reads a size in bytes; a fraction must come out whole.</summary>
    public static bool TryParse(string text, out long bytes, out string problem)
    {
        bytes = 0;
        problem = $"'{LayerLimits.Shown(text)}' is not a size; write one as 4096, 64KiB, 10MiB or 1.5GB";
        ReadOnlySpan<char> digits = text;
        var unit = 1L;
        foreach ((string suffix, long value) in Units)
        {
            if (digits.EndsWith(suffix, StringComparison.Ordinal))
            {
                digits = digits[..^suffix.Length].TrimEnd(' ');
                unit = value;
                break;
            }
        }

        if (digits is ['-', ..] && decimal.TryParse(digits, NumberStyles.Number, CultureInfo.InvariantCulture, out _))
        {
            problem = $"'{LayerLimits.Shown(text)}' is negative; a size is 0 or more";
            return false;
        }

        if (digits.Length is 0 or > 20 || !char.IsAsciiDigit(digits[0]) || !char.IsAsciiDigit(digits[^1])
            || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            return false;
        decimal total = number * unit;
        if (total > long.MaxValue || total != decimal.Truncate(total))
        {
            problem = $"'{LayerLimits.Shown(text)}' is not a whole number of bytes below 2^63";
            return false;
        }

        bytes = (long)total;
        return true;
    }

    /// <summary>A limit as messages name it.</summary>
    public static string Text(long bytes)
    {
        foreach ((string suffix, long unit) in Units.Take(4).Reverse())
        {
            if (bytes >= unit && bytes % unit == 0)
                return $"{bytes / unit} {suffix}";
        }

        return $"{bytes} bytes";
    }
}
