using System.Globalization;
using System.Text.RegularExpressions;

namespace StorageLab.Host.Docker;

/// <summary>A thin pool's own counts, as <c>dmsetup status</c> prints them.</summary>
/// <param name="TransactionId">Docker's count of changes.</param>
/// <param name="MetadataUsedBlocks">Metadata blocks of 4 KiB in use; newer kernels count their reserve.</param>
/// <param name="MetadataTotalBlocks">Metadata blocks there are.</param>
/// <param name="DataUsedBlocks">Data blocks in use.</param>
/// <param name="DataTotalBlocks">Data blocks there are.</param>
/// <param name="Mode">rw, ro or out_of_data_space.</param>
public sealed partial record ThinPoolStatus(
    long TransactionId, long MetadataUsedBlocks, long MetadataTotalBlocks, long DataUsedBlocks, long DataTotalBlocks, string Mode)
{
    private const int SectorBytes = 512;

    /// <summary>Reads a line of <c>dmsetup status</c>.</summary>
    /// <returns>Null where the line is of no thin pool, or of one that has failed and counts nothing.</returns>
    /// <remarks>Source: Documentation/admin-guide/device-mapper/thin-provisioning.rst, "Status".</remarks>
    public static ThinPoolStatus? Parse(string line)
    {
        Match match = StatusLine().Match(line);
        if (!match.Success)
            return null;
        long Number(int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        return new ThinPoolStatus(Number(1), Number(2), Number(3), Number(4), Number(5), match.Groups[6].Value);
    }

    /// <summary>Reads the size of a pool's blocks from a line of <c>dmsetup table</c>, in bytes; null where it is of no thin pool.</summary>
    public static long? ParseBlockBytes(string tableLine)
    {
        Match match = TableLine().Match(tableLine);
        return match.Success ? long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * SectorBytes : null;
    }

    [GeneratedRegex(@"\bthin-pool (\d{1,18}) (\d{1,18})/(\d{1,18}) (\d{1,18})/(\d{1,18}) \S+ (\S+)")]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"\bthin-pool \S+ \S+ (\d{1,15})\b")]
    private static partial Regex TableLine();
}
