using System.Globalization;

namespace StorageLab.Cli.Validation;

/// <summary>Fractions as people read them.</summary>
internal static class Percent
{
    /// <summary>A measured error: two decimals, e.g. <c>0.08%</c>.</summary>
    public static string Measured(double fraction) => (fraction * 100).ToString("0.00", CultureInfo.InvariantCulture) + "%";

    /// <summary>A limit: as few decimals as it needs, e.g. <c>5%</c>.</summary>
    public static string Of(double fraction) => (fraction * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
