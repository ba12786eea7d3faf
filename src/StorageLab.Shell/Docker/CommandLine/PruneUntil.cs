using System.Globalization;
using System.Text.RegularExpressions;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;

namespace StorageLab.Shell.Docker.CommandLine;

/// <summary>The <c>until</c> filter of prune: a duration before now, or a date.</summary>
/// <remarks>Source: moby v20.10.24, api/types/time/timestamp.go (GetTimestamp).</remarks>
internal static partial class PruneUntil
{
    private const decimal NanosecondsPerSecond = 1_000_000_000m;

    private static readonly string[] DateFormats =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH", "yyyy-MM-dd"];

    /// <returns>Null where the filter is not given.</returns>
    /// <exception cref="CommandException">It is given twice, or is neither duration nor date.</exception>
    public static Timestamp? Of(Filters filters, Timestamp now)
    {
        if (!filters.Has("until"))
            return null;
        if (filters.Of("until").Count > 1)
            throw new CommandException(DockerOutcome.Refused("more than one until filter specified").Error);
        string text = filters.Of("until")[0];
        if (TryParseDuration(text, out long nanoseconds))
            return now.AddNanoseconds(-nanoseconds);
        if (DateTimeOffset.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date))
            return new Timestamp(date.ToUnixTimeMilliseconds() * 1_000_000);
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) && seconds < 9_000_000_000m)
            return new Timestamp((long)(seconds * NanosecondsPerSecond));
        throw new CommandException(DockerOutcome.Refused($"failed to parse value as time or duration: \"{text}\"").Error);
    }

    /// <summary>As Go's time.ParseDuration: <c>1h30m</c>, <c>1.5s</c>.</summary>
    public static bool TryParseDuration(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text == "0")
            return true;
        if (text.Length > 64 || !Duration().IsMatch(text))
            return false;
        decimal total = 0;
        foreach (Match part in Part().Matches(text))
        {
            decimal unit = part.Groups["unit"].Value switch
            {
                "h" => 3600 * NanosecondsPerSecond,
                "m" => 60 * NanosecondsPerSecond,
                "s" => NanosecondsPerSecond,
                "ms" => 1_000_000,
                "ns" => 1,
                _ => 1_000,
            };
            if (!decimal.TryParse(part.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) || number > 1e10m)
                return false;
            total += number * unit;
        }

        if (total > long.MaxValue / 2)
            return false;
        nanoseconds = text[0] == '-' ? -(long)total : (long)total;
        return true;
    }

    [GeneratedRegex(@"^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+$")]
    private static partial Regex Duration();

    [GeneratedRegex(@"(?<number>\d+\.?\d*|\.\d+)(?<unit>ns|us|µs|ms|s|m|h)")]
    private static partial Regex Part();
}
