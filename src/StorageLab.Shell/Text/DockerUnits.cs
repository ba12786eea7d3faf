using System.Globalization;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Text;

/// <summary>Sizes and durations as Docker prints them.</summary>
/// <remarks>Source: docker/go-units v0.4.0, size.go and duration.go.</remarks>
public static class DockerUnits
{
    private static readonly string[] DecimalUnits = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    private static readonly string[] BinaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    /// <summary>Base 1000 with so many significant digits: three in image lists, four elsewhere.</summary>
    public static string HumanSize(long bytes, int digits = 4) => Scale(bytes, 1000, DecimalUnits, digits);

    /// <summary>Base 1024 with four significant digits, for memory.</summary>
    public static string BytesSize(long bytes) => Scale(bytes, 1024, BinaryUnits, 4);

    /// <summary>How long ago, roughly: <c>5 seconds</c>, <c>About an hour</c>, <c>2 years</c>.</summary>
    public static string HumanDuration(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        if (seconds < 1)
            return "Less than a second";
        if (seconds == 1)
            return "1 second";
        if (seconds < 60)
            return $"{seconds} seconds";
        var minutes = (long)duration.TotalMinutes;
        if (minutes == 1)
            return "About a minute";
        if (minutes < 60)
            return $"{minutes} minutes";
        var hours = (long)(duration.TotalHours + 0.5);
        if (hours == 1)
            return "About an hour";
        return hours switch
        {
            < 48 => $"{hours} hours",
            < 24 * 7 * 2 => $"{hours / 24} days",
            < 24 * 30 * 2 => $"{hours / 24 / 7} weeks",
            < 24 * 365 * 2 => $"{hours / 24 / 30} months",
            _ => $"{(long)duration.TotalHours / 24 / 365} years",
        };
    }

    private static string Scale(double value, double unit, string[] units, int digits)
    {
        var index = 0;
        while (value >= unit && index < units.Length - 1)
        {
            value /= unit;
            index++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{GoFormat.FormatG(value, digits)}{units[index]}");
    }
}
