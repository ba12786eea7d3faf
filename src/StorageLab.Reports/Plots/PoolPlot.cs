using ScottPlot;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Plots;

/// <summary>For pools on a sparse file: what the pool uses of it, and what the file holds of the disk. The gap is lost space.</summary>
internal static class PoolPlot
{
    private static readonly VariantStyle PoolStyle = new(VariantStyle.LiveLine, [5, 5], MarkerShape.None, IsStriped: false);

    /// <summary>Null when no variant keeps its pool in a file.</summary>
    public static PlotSheet? Draw(RunSummary run, IReadOnlyList<VariantTrace> traces, IReadOnlyList<VariantStyle> styles)
    {
        int[] withFile = [.. Enumerable.Range(0, traces.Count).Where(i => traces[i].DataFile.ToPoints().Count > 0)];
        if (withFile.Length == 0)
            return null;
        List<ThinnedSeries.Point>[] files = [.. withFile.Select(i => traces[i].DataFile.ToPoints())];
        List<ThinnedSeries.Point>[] pools = [.. withFile.Select(i => traces[i].PoolData.ToPoints())];
        double largest = files.Concat(pools).SelectMany(p => p).Max(p => p.Value);
        (double bytesPerUnit, string unit) = IecBytes.AxisUnit(largest);

        PlotSheet sheet = new(Title(run, withFile, files, pools), $"{run.Scenario}: the pool's data file, lines: allocated on the host's disk; grey dashes: used by the pool inside", []);
        List<CurveLabels.Curve> labels = [];
        for (var k = 0; k < withFile.Length; k++)
        {
            VariantStyle style = styles[withFile[k]];
            GrowthPlot.AddCurve(sheet, files[k], style, bytesPerUnit, firstMarkerShift: k);
            labels.Add(new CurveLabels.Curve("file, " + run.Variants[withFile[k]].Variant, files[k][^1].Value / bytesPerUnit, style.Color));
        }
        AddPools(sheet, pools, bytesPerUnit);
        labels.Add(new CurveLabels.Curve(pools.Length == 1 ? "used by the pool" : "used by the pools", pools[0][^1].Value / bytesPerUnit, VariantStyle.LiveLine));
        CurveLabels.Place(sheet, Math.Max(1, withFile.Max(i => traces[i].LastStep)), largest / bytesPerUnit, labels);
        sheet.Plot.XLabel("step");
        sheet.Plot.YLabel($"bytes ({unit})");
        return sheet;
    }

    private static void AddPools(PlotSheet sheet, List<ThinnedSeries.Point>[] pools, double bytesPerUnit)
    {
        foreach (List<ThinnedSeries.Point> points in pools)
        {
            sheet.Plot.Add.Plottable(new CurvePlottable(
                [.. points.Select(p => (double)p.Step)], [.. points.Select(p => p.Value / bytesPerUnit)], PoolStyle, widthPixels: 1.6f));
        }
    }

    private static string Title(RunSummary run, int[] withFile, List<ThinnedSeries.Point>[] files, List<ThinnedSeries.Point>[] pools)
    {
        int widest = Enumerable.Range(0, withFile.Length).MaxBy(k => files[k][^1].Value - pools[k][^1].Value);
        string file = IecBytes.Format((long)files[widest][^1].Value);
        string pool = IecBytes.Format((long)pools[widest][^1].Value);
        return $"The data file of {run.Variants[withFile[widest]].Variant} ends at {file} on the host's disk; its pool uses {pool}";
    }
}
