using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Scenarios;
using StorageLab.Shell.Transcripts;

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

        PrintTranscripts(output, validation.Commands);
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
            + $"{Counted.Of(validations.Sum(validation => validation.ErrorMismatches.Length), "step")} failed differently{SummaryOfCommands(validations)}";
    }

    private static string SummaryOfCommands(IReadOnlyList<RunValidation> validations)
    {
        CommandVerdict[] commands = [.. validations.SelectMany(validation => validation.Commands)];
        return commands.Length == 0 ? "" : $"; {Number(commands.Count(command => command.Agrees))} of {Counted.Of(commands.Length, "command")} answered alike";
    }

    /// <summary>Every command that the model answers otherwise, with both answers' lines, and what was passed over in the others.</summary>
    private static void PrintTranscripts(TextWriter output, ImmutableArray<CommandVerdict> commands)
    {
        if (commands.IsEmpty)
            return;
        foreach (CommandVerdict verdict in commands.Where(verdict => !verdict.Agrees))
        {
            output.WriteLine($"OFF: {Path.GetFileName(verdict.Transcript.File)}:{Number(verdict.Command.Line)}: $ {verdict.Command.Text}");
            foreach (string line in verdict.Differences)
                output.WriteLine($"  {line}");
        }

        output.WriteLine($"transcript: {Counted.Of(commands.Length, "command")}, {Number(commands.Count(verdict => verdict.Agrees))} answered alike");
        foreach (IGrouping<string, string> mask in commands.SelectMany(verdict => verdict.Masks).GroupBy(mask => mask).OrderByDescending(mask => mask.Count()).ThenBy(mask => mask.Key, StringComparer.Ordinal))
            output.WriteLine($"  not compared in {Counted.Of(mask.Count(), "command")}: {mask.Key}");
    }

    private static string Shown(string error) => error.Length == 0 ? "succeeded" : $"said \"{error.ReplaceLineEndings(" ").Trim()}\"";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
