using System.Globalization;
using ScottPlot;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Plots;

/// <summary>One metric of a recorded run: the real curve and the model's, over the steps.</summary>
public static class AgreementPlot
{
    private static readonly VariantStyle RealStyle = new(Color.FromHex("#404040"), null, MarkerShape.FilledCircle, false);
    private static readonly VariantStyle ModelStyle = new(Color.FromHex("#E07B00"), [10, 5], MarkerShape.OpenDiamond, true);

    /// <summary>Writes <c>METRIC.png</c> and <c>METRIC.svg</c> into a folder; nothing for a metric that either side lacks.</summary>
    /// <exception cref="IOException">A file could not be written.</exception>
    public static void Write(string folder, string run, MetricAgreement agreement)
    {
        // The daemon's start is the price of the driver, not of the work: what went through in it is not judged.
        int firstStep = agreement.Metric.IsFlow ? 1 : 0;
        List<ThinnedSeries.Point> real = Points(agreement.Real, firstStep);
        List<ThinnedSeries.Point> model = Points(agreement.Model, firstStep);
        if (agreement.StepCount == 0 || real.Count == 0 || model.Count == 0)
            return;
        double largest = real.Concat(model).Max(point => point.Value);
        bool isBytes = agreement.Metric.Name.EndsWith("_bytes", StringComparison.Ordinal);
        (double perUnit, string unit) = isBytes ? IecBytes.AxisUnit(largest) : (1, "");
        string when = agreement.Metric.IsFlow ? "during" : "after";
        using PlotSheet sheet = new(
            Title(agreement), $"{run}: {agreement.Metric.Name} {when} each step, as recorded on real Docker and as the model has it", []);
        GrowthPlot.AddCurve(sheet, real, RealStyle, perUnit, firstMarkerShift: 0);
        GrowthPlot.AddCurve(sheet, model, ModelStyle, perUnit, firstMarkerShift: 2);
        CurveLabels.Place(sheet, Math.Max(1, real[^1].Step), largest / perUnit,
        [
            new CurveLabels.Curve("real", real[^1].Value / perUnit, RealStyle.Color),
            new CurveLabels.Curve("model", model[^1].Value / perUnit, ModelStyle.Color),
        ]);
        sheet.Plot.XLabel("step");
        sheet.Plot.YLabel(isBytes ? $"{agreement.Metric.Name} ({unit})" : agreement.Metric.Name);
        Directory.CreateDirectory(folder);
        sheet.Save(folder, agreement.Metric.Name);
    }

    /// <summary>The finding in one sentence.</summary>
    internal static string Title(MetricAgreement agreement)
    {
        string Percent(double fraction) => fraction.ToString("P2", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);

        return agreement.Metric.IsFlow
            ? $"The model's sum is off by {Percent(agreement.SumError)}, its median step by {Percent(agreement.MedianError)}"
            : agreement.WorstError == 0
                ? $"The model agrees with real Docker exactly, in all of {agreement.StepCount} steps"
                : $"The model is off by {Percent(agreement.MedianError)} in the median step and by {Percent(agreement.WorstError)} at worst, in step {agreement.WorstStep}";
    }

    private static List<ThinnedSeries.Point> Points(IReadOnlyList<long?> values, int firstStep)
    {
        List<ThinnedSeries.Point> points = [];
        for (int step = firstStep; step < values.Count; step++)
        {
            if (values[step] is { } value)
                points.Add(new ThinnedSeries.Point(step, value));
        }

        return points;
    }
}
