using System.Globalization;

namespace StorageLab.Cli;

/// <summary>A number of things in words.</summary>
internal static class Counted
{
    /// <summary>E.g. <c>1 device</c>, <c>1,043 blocks</c>.</summary>
    /// <param name="thing">One of them; takes an s for any other number.</param>
    public static string Of(long count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {thing}{(count == 1 ? "" : "s")}");
}
