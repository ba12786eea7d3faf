using ScottPlot;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Plots;

/// <summary>Backing storage over the steps for every variant, over the area of live data, with the deletes marked.</summary>
internal static class GrowthPlot
{
    /// <summary>Markers that tell the curves apart in grey; spread so that each keeps its shape.</summary>
    private const int MarkerCount = 12;

    /// <summary>Up to so many deletes each gets its own line; beyond, only a tick.</summary>
    private const int DeleteLineCountMax = 40;

    private const float MarkPitchPixels = 12;

    /// <summary>Curves whose markers stand beside each other before two share a place.</summary>
    private const int MarkerShifts = 4;

    public static PlotSheet Draw(RunSummary run, IReadOnlyList<VariantTrace> traces, IReadOnlyList<VariantStyle> styles)
    {
        PlotSheet sheet = new(Findings.Growth(run), $"{run.Scenario}: what each driver's storage holds of the disk after each step; ▼ marks rm, rmi and prune", []);
        double largest = traces.SelectMany(t => t.Backing.ToPoints().Concat(t.Live.ToPoints())).Max(p => p.Value);
        (double bytesPerUnit, string unit) = IecBytes.AxisUnit(largest);
        double lastStep = Math.Max(1, traces.Max(t => t.LastStep));

        AddLive(sheet, traces[0], bytesPerUnit);
        AddDeletes(sheet, traces[0].Deletes, lastStep, largest / bytesPerUnit);
        List<CurveLabels.Curve> labels = [];
        for (var i = 0; i < traces.Count; i++)
        {
            List<ThinnedSeries.Point> points = traces[i].Backing.ToPoints();
            AddCurve(sheet, points, styles[i], bytesPerUnit, firstMarkerShift: i);
            labels.Add(new CurveLabels.Curve(run.Variants[i].Variant, points[^1].Value / bytesPerUnit, styles[i].Color));
        }
        labels.Add(new CurveLabels.Curve("live data", run.Variants[0].FinalLiveBytes / bytesPerUnit, VariantStyle.LiveLine));
        CurveLabels.Place(sheet, lastStep, largest / bytesPerUnit, labels);
        sheet.Plot.XLabel("step");
        sheet.Plot.YLabel($"allocated ({unit})");
        return sheet;
    }

    /// <summary>Draws one curve in a variant's style.</summary>
    /// <param name="sheet">Where to.</param>
    /// <param name="points">At least one.</param>
    /// <param name="style">Of the variant.</param>
    /// <param name="bytesPerUnit">Scale of the axis.</param>
    /// <param name="firstMarkerShift">Moves the markers, so that those of curves that lie on each other do not.</param>
    public static void AddCurve(PlotSheet sheet, List<ThinnedSeries.Point> points, VariantStyle style, double bytesPerUnit, int firstMarkerShift)
    {
        double[] xs = [.. points.Select(p => (double)p.Step)];
        double[] ys = [.. points.Select(p => p.Value / bytesPerUnit)];
        sheet.Plot.Add.Plottable(new CurvePlottable(xs, ys, style, widthPixels: 2.4f));

        int every = Math.Max(1, points.Count / MarkerCount);
        int first = firstMarkerShift * every / MarkerShifts % every;
        int[] marked = [.. Enumerable.Range(0, points.Count).Where(i => i % every == first)];
        ScottPlot.Plottables.Scatter markers = sheet.Plot.Add.ScatterPoints(marked.Select(i => xs[i]).ToArray(), marked.Select(i => ys[i]).ToArray());
        markers.Color = style.Color;
        markers.MarkerShape = style.Marker;
        markers.MarkerSize = 8;
    }

    private static void AddLive(PlotSheet sheet, VariantTrace trace, double bytesPerUnit)
    {
        List<ThinnedSeries.Point> points = trace.Live.ToPoints();
        double[] xs = [.. points.Select(p => (double)p.Step)];
        double[] ys = [.. points.Select(p => p.Value / bytesPerUnit)];
        ScottPlot.Plottables.FillY area = sheet.Plot.Add.FillY(xs, new double[xs.Length], ys);
        area.FillColor = VariantStyle.LiveFill;
        area.LineWidth = 0;
        ScottPlot.Plottables.Scatter edge = sheet.Plot.Add.ScatterLine(xs, ys);
        edge.Color = VariantStyle.LiveLine;
        edge.LineWidth = 1;
    }

    private static void AddDeletes(PlotSheet sheet, IReadOnlyList<DeleteEffect> deletes, double lastStep, double largest)
    {
        if (deletes.Count <= DeleteLineCountMax)
        {
            foreach (DeleteEffect delete in deletes)
            {
                ScottPlot.Plottables.VerticalLine line = sheet.Plot.Add.VerticalLine(delete.StepIndex);
                line.Color = Color.FromHex("#D4D4D4");
                line.LineWidth = 1;
            }
        }
        // Marks nearer than their own width would be one smear.
        double closest = lastStep / (sheet.DataWidthPixels / MarkPitchPixels);
        List<double> places = [];
        foreach (DeleteEffect delete in deletes)
        {
            if (places.Count == 0 || delete.StepIndex - places[^1] >= closest)
                places.Add(delete.StepIndex);
        }
        if (places.Count == 0)
            return;
        ScottPlot.Plottables.Scatter marks = sheet.Plot.Add.ScatterPoints(places.ToArray(), places.Select(_ => largest * 1.035).ToArray());
        marks.Color = Color.FromHex("#404040");
        marks.MarkerShape = MarkerShape.FilledTriangleDown;
        marks.MarkerSize = 8;
    }
}
