using System.Globalization;

namespace StorageLab.Reports;

/// <summary>Byte amounts as people read them: three digits and a unit of 1024.</summary>
public static class IecBytes
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>E.g. <c>0 B</c>, <c>9.77 KiB</c>, <c>64.6 MiB</c>, <c>512 GiB</c>; a minus sign before a negative amount.</summary>
    public static string Format(long bytes)
    {
        double value = Math.Abs((double)bytes);
        var unit = 0;
        // 999.5 would print as four digits.
        while (value >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }
        return (bytes < 0 ? "-" : "") + Digits(value, isWhole: unit == 0) + " " + Units[unit];
    }

    /// <summary>The largest unit in which <paramref name="largestBytes"/> is at least 1, for an axis on which it is the largest value.</summary>
    public static (double BytesPerUnit, string Unit) AxisUnit(double largestBytes)
    {
        double bytesPerUnit = 1;
        var unit = 0;
        while (largestBytes / bytesPerUnit >= 1024 && unit < Units.Length - 1)
        {
            bytesPerUnit *= 1024;
            unit++;
        }
        return (bytesPerUnit, Units[unit]);
    }

    private static string Digits(double value, bool isWhole)
    {
        string format = isWhole || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
