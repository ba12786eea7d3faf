using System.Globalization;

namespace StorageLab.Shell.Host;

/// <summary>Sizes as ls -h, du -h and df -h print them: powers of 1024, always rounded up.</summary>
/// <remarks>Source: gnulib, lib/human.c with human_ceiling.</remarks>
internal static class HumanSize
{
    private const string Units = "KMGTPE";

    public static string Format(long bytes)
    {
        if (bytes < 1024)
            return bytes.ToString(CultureInfo.InvariantCulture);
        var unit = 0;
        long scale = 1024;
        // 1023.1K is printed as 1.0M: what rounds up to 1024 belongs to the next unit.
        while (unit < Units.Length - 1 && CeilingOf(bytes, scale) >= 1024)
        {
            unit++;
            scale *= 1024;
        }

        Int128 tenths = (((Int128)bytes * 10) + scale - 1) / scale;
        string text = tenths < 100 ? $"{tenths / 10}.{tenths % 10}" : CeilingOf(bytes, scale).ToString(CultureInfo.InvariantCulture);
        return text + Units[unit];
    }

    private static long CeilingOf(long bytes, long scale) => (bytes / scale) + (bytes % scale == 0 ? 0 : 1);
}
