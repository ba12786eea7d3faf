using ScottPlot;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Plots;

/// <summary>Content written per second of virtual time, a bar per variant.</summary>
internal static class ThroughputPlot
{
    private const double MebibyteBytes = 1 << 20;

    /// <summary>Null when no variant wrote anything in any time.</summary>
    public static PlotSheet? Draw(RunSummary run, IReadOnlyList<VariantStyle> styles)
    {
        if (Findings.Throughput(run).Length == 0)
            return null;
        PlotSheet sheet = new(
            Findings.Throughput(run), $"{run.Scenario}: file content written per second that the host worked, on the scenario's disk profile", [], HorizontalBars.LeftPixels(run));
        double largest = run.Variants.Max(v => (v.ThroughputBytesPerSecond ?? 0) / MebibyteBytes);
        for (var i = 0; i < run.Variants.Length; i++)
        {
            double value = (run.Variants[i].ThroughputBytesPerSecond ?? 0) / MebibyteBytes;
            double row = run.Variants.Length - 1 - i;
            sheet.AddRow(row, HorizontalBars.BarSize, 0, value, styles[i].Bar);
            sheet.AddText(" " + Findings.Ratio(value), value, row, Alignment.MiddleLeft, Colors.Black);
        }
        HorizontalBars.SetAxes(sheet, run, largest * 1.1);
        sheet.Plot.XLabel("content written (MiB/s)");
        return sheet;
    }
}
