using ScottPlot;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Plots;

/// <summary>Where each variant's virtual time went: one bar per variant, cut by kind of operation.</summary>
internal static class TimePlot
{
    /// <summary>Kinds with a shade of their own; the rest are one.</summary>
    private const int KindCountMax = 6;

    private const double NanosecondsPerSecond = 1e9;
    private const string OtherKinds = "other";

    /// <summary>Dark to light, so that neighbours differ in grey as well (Okabe and Ito's hues in order of lightness).</summary>
    private static readonly Color[] Shades =
    [
        Color.FromHex("#00335C"), Color.FromHex("#E69F00"), Color.FromHex("#007A5A"), Color.FromHex("#9AD0F0"), Color.FromHex("#A63C00"), Color.FromHex("#F0E442"),
        Color.FromHex("#BDBDBD"),
    ];

    /// <summary>Null when no time passed.</summary>
    public static PlotSheet? Draw(RunSummary run)
    {
        if (Findings.Time(run).Length == 0)
            return null;
        string[] kinds = KindsOf(run);
        PlotSheet sheet = new(
            Findings.Time(run),
            $"{run.Scenario}: virtual time by kind of operation, waiting left out",
            [.. kinds.Select((kind, k) => (kind, new BarStyle(ShadeOf(kind, k))))],
            HorizontalBars.LeftPixels(run));
        double largestSeconds = run.Variants.Max(v => v.BusyNanoseconds) / NanosecondsPerSecond;
        (double secondsPerUnit, string unit) = Findings.TimeUnit(largestSeconds);
        double largest = largestSeconds / secondsPerUnit;
        for (var i = 0; i < run.Variants.Length; i++)
            AddStack(sheet, run.Variants[i], kinds, run.Variants.Length - 1 - i, secondsPerUnit, largest / sheet.DataWidthPixels);
        HorizontalBars.SetAxes(sheet, run, largest * 1.12);
        sheet.Plot.XLabel($"virtual time ({unit})");
        return sheet;
    }

    private static void AddStack(PlotSheet sheet, VariantSummary variant, string[] kinds, double row, double secondsPerUnit, double unitsPerPixel)
    {
        double start = 0;
        for (var k = 0; k < kinds.Length; k++)
        {
            double length = SecondsOf(variant, kinds, kinds[k]) / secondsPerUnit;
            sheet.AddRow(row, HorizontalBars.BarSize, start, start + length, new BarStyle(ShadeOf(kinds[k], k), Outline: Colors.White));
            if (length / unitsPerPixel > PlotFonts.MeasureWidth(kinds[k], PlotSheet.LabelPixels) + 12)
                sheet.AddText(kinds[k], start + length / 2, row, Alignment.MiddleCenter, TextOn(ShadeOf(kinds[k], k)));
            start += length;
        }
        sheet.AddText(" " + Findings.Seconds(variant.BusyNanoseconds), start, row, Alignment.MiddleLeft, Colors.Black);
    }

    /// <summary>The kinds that took most over all variants, the longest first, and one for the rest where there are more.</summary>
    private static string[] KindsOf(RunSummary run)
    {
        string[] all =
        [
            .. run.Variants.SelectMany(v => v.OperationCosts)
                .Where(c => c.Operation != DockerOperation.Wait && c.Nanoseconds > 0)
                .GroupBy(c => c.Operation, StringComparer.Ordinal)
                .OrderByDescending(g => g.Sum(c => (double)c.Nanoseconds)).ThenBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => g.Key),
        ];
        return all.Length <= KindCountMax ? all : [.. all.Take(KindCountMax), OtherKinds];
    }

    private static double SecondsOf(VariantSummary variant, string[] kinds, string kind) => variant.OperationCosts
        .Where(c => c.Operation != DockerOperation.Wait && (c.Operation == kind || (kind == OtherKinds && !kinds.Contains(c.Operation))))
        .Sum(c => c.Nanoseconds / NanosecondsPerSecond);

    private static Color ShadeOf(string kind, int index) => kind == OtherKinds ? Shades[^1] : Shades[index];

    private static Color TextOn(Color background) => background.Luminance > .42 ? Colors.Black : Colors.White;
}
