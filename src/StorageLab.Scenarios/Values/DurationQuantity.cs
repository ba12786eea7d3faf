using System.Globalization;

namespace StorageLab.Scenarios.Values;

/// <summary>Durations as scenarios write them: <c>10s</c>, <c>1.5h</c>, <c>3d</c>, <c>120us</c>.</summary>
internal static class DurationQuantity
{
    private static readonly (string Suffix, long Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ("d", 86_400_000_000_000), ("w", 604_800_000_000_000),
    ];

    public static bool TryParse(string text, out long nanoseconds, out string problem)
    {
        nanoseconds = 0;
        problem = $"'{LayerLimits.Shown(text)}' is not a duration; write one as 500ms, 10s, 5m, 2h, 3d or 1w";
        foreach ((string suffix, long unit) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            ReadOnlySpan<char> digits = text.AsSpan(..^suffix.Length).TrimEnd(' ');
            if (digits.Length is 0 or > 20 || !char.IsAsciiDigit(digits[0]) || !char.IsAsciiDigit(digits[^1])
                || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
                continue;
            decimal total = number * unit;
            if (total > long.MaxValue || total != decimal.Truncate(total))
                problem = $"'{LayerLimits.Shown(text)}' is not a whole number of nanoseconds below 2^63";
            else
                nanoseconds = (long)total;
            return nanoseconds == total;
        }

        return false;
    }
}
