using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Plots;

/// <summary>The frame of plots with one horizontal bar per variant, the first variant on top.</summary>
internal static class HorizontalBars
{
    public const double BarSize = 0.62;

    private const float WidestPixels = 200;

    /// <summary>Room that the variants' names need left of the bars.</summary>
    public static float LeftPixels(RunSummary run) =>
        24 + run.Variants.SelectMany(v => NameOf(v).Split('\n')).Max(line => PlotFonts.MeasureWidth(line, PlotSheet.LabelPixels));

    public static void SetAxes(PlotSheet sheet, RunSummary run, double largest)
    {
        int last = run.Variants.Length - 1;
        sheet.NameLeftAxis([.. run.Variants.Select((_, i) => (double)(last - i))], [.. run.Variants.Select(NameOf)]);
        sheet.Plot.Axes.SetLimits(0, largest, -0.6, last + 0.6);
        sheet.NumberBottomAxis(largest, isWhole: false);
    }

    private static string NameOf(VariantSummary variant) => PlotFonts.Wrap(variant.Variant, PlotSheet.LabelPixels, WidestPixels);
}
