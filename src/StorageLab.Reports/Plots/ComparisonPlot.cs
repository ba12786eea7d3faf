using ScottPlot;
using StorageLab.Reports.Comparison;

namespace StorageLab.Reports.Plots;

/// <summary>Two runs over their steps: what each holds of the disk, and how far the second is from the first.</summary>
public static class ComparisonPlot
{
    private static readonly VariantStyle LeftStyle = new(Color.FromHex("#404040"), null, MarkerShape.FilledCircle, false);
    private static readonly VariantStyle RightStyle = new(Color.FromHex("#E07B00"), [10, 5], MarkerShape.OpenDiamond, true);

    /// <summary>Writes <c>allocated</c> and <c>difference</c>, as PNG and SVG.</summary>
    /// <exception cref="IOException">A file could not be written.</exception>
    public static void Write(string folder, RunComparison comparison, string leftName, string rightName)
    {
        List<ThinnedSeries.Point> left = Points(comparison.StepCount, step => comparison.Left[0][step]);
        List<ThinnedSeries.Point> right = Points(comparison.StepCount, step => comparison.Right[0][step]);
        double largest = left.Concat(right).Max(point => point.Value);
        (double perUnit, string unit) = IecBytes.AxisUnit(largest);
        using (PlotSheet sheet = new(comparison.Finding(leftName, rightName), "backing_allocated_bytes after each step", []))
        {
            GrowthPlot.AddCurve(sheet, left, LeftStyle, perUnit, firstMarkerShift: 0);
            GrowthPlot.AddCurve(sheet, right, RightStyle, perUnit, firstMarkerShift: 2);
            CurveLabels.Place(sheet, Math.Max(1, left[^1].Step), largest / perUnit,
            [
                new CurveLabels.Curve(leftName, left[^1].Value / perUnit, LeftStyle.Color),
                new CurveLabels.Curve(rightName, right[^1].Value / perUnit, RightStyle.Color),
            ]);
            sheet.Plot.XLabel("step");
            sheet.Plot.YLabel($"bytes ({unit})");
            sheet.Save(folder, "allocated");
        }

        List<ThinnedSeries.Point> difference = Points(comparison.StepCount, step => comparison.Right[0][step] - comparison.Left[0][step]);
        double most = Math.Max(1, difference.Max(point => Math.Abs(point.Value)));
        (double perDifference, string differenceUnit) = IecBytes.AxisUnit(most);
        MetricDifference allocated = comparison.Differences[0];
        string title = allocated.WorstShare == 0
            ? $"{rightName} holds what {leftName} holds after every step"
            : $"{rightName} is off {leftName} by {RunComparison.Percent(allocated.MedianShare)} in the median step, by {RunComparison.Percent(allocated.WorstShare)} at most, in step {allocated.WorstStep}";
        using PlotSheet below = new(title, $"backing_allocated_bytes of {rightName} less that of {leftName}, after each step", []);
        GrowthPlot.AddCurve(below, difference, RightStyle, perDifference, firstMarkerShift: 0);
        below.Plot.Add.HorizontalLine(0, width: 1.5f, color: LeftStyle.Color);
        int last = Math.Max(1, difference[^1].Step);
        double lowest = Math.Min(0, difference.Min(point => point.Value)) / perDifference;
        double highest = Math.Max(0, difference.Max(point => point.Value)) / perDifference;
        double edge = Math.Max(highest - lowest, 1e-9) * 0.05;
        below.Plot.Axes.SetLimits(0, last * 1.02, lowest - edge, highest + edge);
        below.NumberBottomAxis(last, isWhole: true);
        below.NumberLeftAxis(lowest, highest);
        below.Plot.XLabel("step");
        below.Plot.YLabel($"difference ({differenceUnit})");
        below.Save(folder, "difference");
    }

    private static List<ThinnedSeries.Point> Points(int stepCount, Func<int, long?> value)
    {
        ThinnedSeries series = new(stepCount);
        for (var step = 0; step < stepCount; step++)
            series.Add(step, value(step) ?? 0);
        return series.ToPoints();
    }
}
