using StorageLab.Model.Measurement;

namespace StorageLab.Cli.Validation;

/// <summary>Validations as one table in Markdown, for docs/model.md: a row per run, a column per metric.</summary>
internal static class ValidationMarkdown
{
    private const string Absent = "-";

    /// <summary>Prints median and worst error of each metric; for flows median and error of the run's sum.</summary>
    public static void Print(TextWriter output, IReadOnlyList<RunValidation> validations)
    {
        output.WriteLine($"| run | {string.Join(" | ", AgreementMetric.All.Select(metric => metric.Name))} |");
        output.WriteLine($"| --- |{string.Concat(AgreementMetric.All.Select(_ => " --- |"))}");
        foreach (RunValidation validation in validations)
            output.WriteLine($"| {validation.Run.Id} | {string.Join(" | ", AgreementMetric.All.Select(metric => Cell(validation, metric)))} |");
    }

    private static string Cell(RunValidation validation, AgreementMetric metric) =>
        validation.Metrics.FirstOrDefault(agreement => agreement.Metric == metric) is not { } found
            ? Absent
            : $"{Percent.Measured(found.MedianError)} / {Percent.Measured(metric.IsFlow ? found.SumError : found.WorstError)}";
}
