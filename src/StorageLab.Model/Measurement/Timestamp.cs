using System.Globalization;

namespace StorageLab.Model.Measurement;

/// <summary>A moment in UTC, to the nanosecond, as Docker records when something was made.</summary>
/// <param name="UnixNanoseconds">Since 1970-01-01; <see cref="Never"/>'s is the smallest there is.</param>
public readonly record struct Timestamp(long UnixNanoseconds) : IComparable<Timestamp>
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Go's zero time, which Docker prints as <c>0001-01-01T00:00:00Z</c>: what has not happened.</summary>
    public static Timestamp Never => new(long.MinValue);

    public bool IsNever => this == Never;

    public long UnixSeconds => UnixNanoseconds >= 0 ? UnixNanoseconds / NanosecondsPerSecond : (UnixNanoseconds - NanosecondsPerSecond + 1) / NanosecondsPerSecond;

    public static bool operator <(Timestamp left, Timestamp right) => left.UnixNanoseconds < right.UnixNanoseconds;

    public static bool operator >(Timestamp left, Timestamp right) => left.UnixNanoseconds > right.UnixNanoseconds;

    public static bool operator <=(Timestamp left, Timestamp right) => left.UnixNanoseconds <= right.UnixNanoseconds;

    public static bool operator >=(Timestamp left, Timestamp right) => left.UnixNanoseconds >= right.UnixNanoseconds;

    public static TimeSpan operator -(Timestamp left, Timestamp right) =>
        TimeSpan.FromTicks((left.UnixNanoseconds - right.UnixNanoseconds) / TimeSpan.NanosecondsPerTick);

    public int CompareTo(Timestamp other) => UnixNanoseconds.CompareTo(other.UnixNanoseconds);

    public Timestamp AddNanoseconds(long nanoseconds) => new(UnixNanoseconds + nanoseconds);

    /// <summary>Reads RFC 3339 with up to nine digits of a second and an offset, as image configurations hold it.</summary>
    public static bool TryParse(string text, out Timestamp timestamp)
    {
        timestamp = Never;
        int point = text.IndexOf('.');
        string whole = text;
        long nanoseconds = 0;
        if (point >= 0)
        {
            int end = point + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
            int digits = end - point - 1;
            if (digits is 0 or > 9)
                return false;
            nanoseconds = long.Parse(text.AsSpan(point + 1, digits), CultureInfo.InvariantCulture);
            for (int digit = digits; digit < 9; digit++)
                nanoseconds *= 10;
            whole = text[..point] + text[end..];
        }

        if (!DateTimeOffset.TryParseExact(
                whole, "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date))
            return false;
        if (date.Year is < 1678 or > 2261)
            return true;
        timestamp = new Timestamp((date.ToUnixTimeSeconds() * NanosecondsPerSecond) + nanoseconds);
        return true;
    }

    /// <exception cref="FormatException">The text is not RFC 3339.</exception>
    public static Timestamp Parse(string text) =>
        TryParse(text, out Timestamp timestamp) ? timestamp : throw new FormatException($"'{text}' is not a time such as 2026-11-24T01:53:12Z");

    /// <summary>As Go's RFC3339Nano: no zeros at the end of the second.</summary>
    public override string ToString()
    {
        if (IsNever)
            return "0001-01-01T00:00:00Z";
        long nanoseconds = UnixNanoseconds - (UnixSeconds * NanosecondsPerSecond);
        string fraction = nanoseconds == 0 ? "" : "." + nanoseconds.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        return Format("yyyy-MM-dd'T'HH:mm:ss") + fraction + "Z";
    }

    /// <summary>The whole second in a .NET date format.</summary>
    public string Format(string format) => (DateTime.UnixEpoch + TimeSpan.FromSeconds(UnixSeconds)).ToString(format, CultureInfo.InvariantCulture);
}
