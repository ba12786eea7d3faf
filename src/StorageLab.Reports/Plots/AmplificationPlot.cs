using ScottPlot;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Plots;

/// <summary>Bytes written at each floor of the stack per byte of content: where a write grows on its way down.</summary>
internal static class AmplificationPlot
{
    private static readonly (Floor Floor, string Name)[] Floors =
    [
        (Floor.Content, "content"), (Floor.Thin, "thin devices"), (Floor.DataDevice, "pool data device"), (Floor.Disk, "disks"),
    ];

    /// <summary>Null when nothing was written.</summary>
    public static PlotSheet? Draw(RunSummary run, IReadOnlyList<VariantStyle> styles)
    {
        if (Findings.Amplification(run).Length == 0)
            return null;
        bool hasPoolless = run.Variants.Any(v => v.Floors[(int)Floor.Thin] is null);
        PlotSheet sheet = new(
            Findings.Amplification(run),
            $"{run.Scenario}: bytes written at each floor of the storage stack{(hasPoolless ? "; overlay2 has no pool between its files and the disk" : "")}",
            [.. run.Variants.Select((v, i) => (v.Variant, styles[i].Bar))]);
        double largest = 1;
        for (var i = 0; i < run.Variants.Length; i++)
        {
            double barWidth = 0.84 / run.Variants.Length;
            double offset = (i - (run.Variants.Length - 1) / 2.0) * barWidth;
            for (var floor = 0; floor < Floors.Length; floor++)
            {
                if (run.Variants[i].WriteAmplificationAt(Floors[floor].Floor) is not { } ratio)
                    continue;
                largest = Math.Max(largest, ratio);
                sheet.AddColumn(floor + offset, barWidth * 0.92, 0, ratio, styles[i].Bar);
                ScottPlot.Plottables.Text label = sheet.AddText(Findings.Ratio(ratio), floor + offset, ratio, Alignment.LowerCenter, Colors.Black);
                label.LabelFontSize = 12;
            }
        }
        sheet.NameBottomAxis([.. Floors.Select((_, i) => (double)i)], [.. Floors.Select(f => f.Name)]);
        sheet.Plot.Axes.SetLimits(-0.5, Floors.Length - 0.5, 0, largest * 1.1);
        sheet.NumberLeftAxis(0, largest * 1.1);
        sheet.Plot.YLabel("bytes written per byte of content");
        return sheet;
    }
}
