using System.Globalization;
using StorageLab.Model.Blocks;

namespace StorageLab.Host.Docker;

/// <summary>What went through a block device since it was made, as /sys/block/*/stat counts it.</summary>
public static class BlockDeviceCounters
{
    private const int SectorBytes = 512;

    /// <summary>Reads a stat file's text. Kernels before 4.18 count no discards, before 5.5 no flushes; those stay 0.</summary>
    /// <returns>Null where the text has not at least the eleven numbers that every kernel prints.</returns>
    /// <remarks>Source: Documentation/block/stat.rst.</remarks>
    public static IoCounters? Parse(string text)
    {
        string[] fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var numbers = new long[17];
        if (fields.Length < 11)
            return null;
        for (var i = 0; i < Math.Min(fields.Length, numbers.Length); i++)
        {
            if (!long.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }

        return new IoCounters
        {
            ReadCount = numbers[0],
            ReadBytes = numbers[2] * SectorBytes,
            WriteCount = numbers[4],
            WriteBytes = numbers[6] * SectorBytes,
            DiscardCount = numbers[11],
            DiscardBytes = numbers[13] * SectorBytes,
            FlushCount = numbers[15],
        };
    }

    /// <summary>Reads a device's counters by its name in /sys/block, or by its number as <c>MAJOR:MINOR</c>; null when it is not there.</summary>
    public static IoCounters? Read(string device)
    {
        string path = device.Contains(':', StringComparison.Ordinal) ? $"/sys/dev/block/{device}/stat" : $"/sys/block/{device}/stat";
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
