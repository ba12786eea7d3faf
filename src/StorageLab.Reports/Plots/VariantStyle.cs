using ScottPlot;

namespace StorageLab.Reports.Plots;

/// <summary>How one variant looks in every plot of a run.</summary>
/// <param name="Color">Of its curve, bars and labels.</param>
/// <param name="DashesPixels">Lengths of dashes and gaps in turn; null for a solid line.</param>
/// <param name="Marker">On its curve.</param>
/// <param name="IsStriped">Whether its bars are striped.</param>
/// <remarks>A driver keeps its hue, its lightness and its marker in all runs. The hues are those of Okabe and Ito's palette, which the colour-blind
/// tell apart, moved in lightness so that they differ in grey too; a driver's further variants differ by dash, stripes and shade.</remarks>
internal sealed record VariantStyle(Color Color, float[]? DashesPixels, MarkerShape Marker, bool IsStriped)
{
    /// <summary>What Docker holds: the ground on which the drivers are seen.</summary>
    public static readonly Color LiveFill = Color.FromHex("#D9D9D9");

    /// <summary>Edge of the live area and text about it.</summary>
    public static readonly Color LiveLine = Color.FromHex("#5E5E5E");

    private static readonly float[]?[] Dashes = [null, [12, 5], [3, 4], [12, 4, 3, 4]];

    public BarStyle Bar => new(Color, IsStriped);

    /// <summary>Styles for a run's variants, in their order.</summary>
    /// <param name="drivers">Driver of each variant.</param>
    public static VariantStyle[] For(IReadOnlyList<string> drivers)
    {
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        var styles = new VariantStyle[drivers.Count];
        for (var i = 0; i < styles.Length; i++)
        {
            int nth = seen.GetValueOrDefault(drivers[i]);
            seen[drivers[i]] = nth + 1;
            (string[] shades, MarkerShape marker) = OfDriver(drivers[i]);
            styles[i] = new VariantStyle(Color.FromHex(shades[nth % shades.Length]), Dashes[nth % Dashes.Length], marker, nth % 2 == 1);
        }
        return styles;
    }

    private static (string[] Shades, MarkerShape Marker) OfDriver(string driver) => driver switch
    {
        "loop-lvm" => (["#E07B00", "#A63C00", "#C99700", "#6B2500"], MarkerShape.FilledCircle),
        "direct-lvm" => (["#00457C", "#3F7FB8", "#002A4D", "#6FA3CF"], MarkerShape.FilledSquare),
        "overlay2" => (["#009E73", "#00664A", "#4FC3A1", "#003D2C"], MarkerShape.FilledTriangleUp),
        _ => (["#7B4B94", "#B07CC6", "#4A2A5C", "#CC79A7"], MarkerShape.FilledDiamond),
    };
}
