using System.Globalization;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Validation;

/// <summary>Validations as people read them: a table per run, and one line over all.</summary>
internal static class ValidationTables
{
    public static void Print(TextWriter output, RunValidation validation, double? maxError)
    {
        VariantSpec variant = validation.Run.Variant;
        string options = string.Concat(variant.Options.Select(option => $" {option.Key}={option.Value}"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{validation.Run.Id}: {variant.Driver}{options} on {variant.Host.FileSystem}, Linux {variant.Host.Kernel.Major}.{variant.Host.Kernel.Minor}, {Counted.Of(validation.Run.Scenario.StepCount, "step")}"));
        TextTable table = new(["metric", "steps", "median", "worst", "at step", "bias", "sum", ""], 1, 2, 3, 4, 5, 6);
        foreach (MetricAgreement metric in validation.Metrics)
        {
            string excess = validation.ExcessOf(metric, maxError);
            table.Add(
                metric.Metric.Name, Number(metric.StepCount), Percent.Measured(metric.MedianError), Percent.Measured(metric.WorstError),
                Number(metric.WorstStep), Percent.Measured(metric.Bias), metric.Metric.IsFlow ? Percent.Measured(metric.SumError) : "-",
                excess.Length == 0 ? "ok" : $"OFF: {excess}");
        }

        table.Print(output);
        foreach (ErrorMismatch mismatch in validation.ErrorMismatches)
            output.WriteLine($"OFF: step {mismatch.StepIndex} {mismatch.Operation}: real {Shown(mismatch.Real)}, model {Shown(mismatch.Model)}");
        if (validation.FinalMappings is { } end)
        {
            output.WriteLine(
                $"thin_dump at the end: {Counted.Of(end.RealBlocks, "mapping")} of {Counted.Of(end.RealDevices, "device")}; "
                + $"model: {Counted.Of(end.ModelBlocks, "mapping")} of {Counted.Of(end.ModelDevices, "device")}");
        }

        foreach (InputProblem note in validation.Run.Notes)
            output.WriteLine($"note: {note}");
        output.WriteLine();
    }

    /// <summary>The last line: how many runs keep their limits, and how far off the rest is.</summary>
    public static string Summary(IReadOnlyList<RunValidation> validations, double? maxError)
    {
        MetricAgreement[] levels = [.. validations.SelectMany(validation => validation.Metrics).Where(metric => !metric.Metric.IsFlow)];
        string worst = levels.MaxBy(metric => metric.WorstError) is { } metric ? $"; worst level {Percent.Measured(metric.WorstError)} ({metric.Metric.Name})" : "";
        double median = levels.Length == 0 ? 0 : levels.Select(level => level.MedianError).Order().ElementAt(levels.Length / 2);
        return $"{validations.Count(validation => validation.Passes(maxError))} of {validations.Count} runs within tolerance; "
            + $"median of the metrics' median errors {Percent.Measured(median)}{worst}; "
            + $"{Counted.Of(validations.Sum(validation => validation.ErrorMismatches.Length), "step")} failed differently";
    }

    private static string Shown(string error) => error.Length == 0 ? "succeeded" : $"said \"{error.ReplaceLineEndings(" ").Trim()}\"";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
