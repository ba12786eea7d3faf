using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Spectre.Console;
using StorageLab.Model.Measurement;
using StorageLab.Reports.Plots;
using StorageLab.Scenarios.Recorded;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab validate</c>: replays recorded runs of real Docker on the model and says how far it is off.</summary>
internal static class ValidateVerb
{
    public static Command Build()
    {
        Argument<string[]> folders = new("RUN_DIR") { Description = "Folders of recorded runs (run.json, scenario.json, trajectory.csv).", Arity = ArgumentArity.OneOrMore };
        Option<double?> maxError = new("--max-error")
        {
            Description = "Largest error of any step, for bytes written of the run's sum, e.g. 5% (default: each metric's own limits).",
            HelpName = "PERCENT",
            CustomParser = ParsePercent,
        };
        Option<string?> folder = new("--out") { Description = "Folder for a plot per run and metric (default: none).", HelpName = "DIR" };
        Command command = new("validate", "Replay recorded runs of real Docker on the model and compare step by step.") { folders, maxError, folder };
        command.SetAction((parsed, cancellation) => Task.FromResult(
            Run(parsed.GetRequiredValue(folders), parsed.GetValue(maxError), parsed.GetValue(folder), cancellation)));
        return command;
    }

    private static int Run(string[] folders, double? maxError, string? outFolder, CancellationToken cancellation)
    {
        // Every folder is read before anything runs, so that a broken one is found at once.
        ImmutableArray<RecordedRun> runs = [.. folders.Select(RecordedRunReader.Read)];
        var validations = new RunValidation[runs.Length];
        Parallel.For(0, runs.Length, index => validations[index] = RunValidation.Of(runs[index], cancellation));
        foreach (RunValidation validation in validations)
            Print(validation, maxError);
        if (outFolder is not null && !TryPlot(validations, outFolder))
            return ExitCode.OutputFailed;
        int passed = validations.Count(validation => validation.Passes(maxError));
        Console.Out.WriteLine(Summary(validations, passed));
        return passed == validations.Length ? ExitCode.Ok : ExitCode.Finding;
    }

    private static void Print(RunValidation validation, double? maxError)
    {
        Table table = new() { Border = TableBorder.None, ShowRowSeparators = false };
        foreach (string name in (string[])["metric", "steps", "median", "worst", "at step", "bias", "sum", ""])
            table.AddColumn(new TableColumn(name.Length == 0 ? "" : name).NoWrap().PadLeft(0).PadRight(2));
        for (var column = 1; column < table.Columns.Count - 1; column++)
            table.Columns[column].RightAligned();
        foreach (MetricAgreement metric in validation.Metrics)
        {
            table.AddRow(
                metric.Metric.Name, metric.StepCount.ToString(CultureInfo.InvariantCulture), Percent(metric.MedianError), Percent(metric.WorstError),
                metric.WorstStep.ToString(CultureInfo.InvariantCulture), Percent(metric.Bias), metric.Metric.IsFlow ? Percent(metric.SumError) : "-",
                validation.IsWithin(metric, maxError) ? "ok" : "OFF");
        }

        Console.Out.WriteLine(validation.Run.Id);
        Terminal.Output.Write(table);
        foreach (ErrorMismatch mismatch in validation.ErrorMismatches)
            Console.Out.WriteLine($"step {mismatch.StepIndex} {mismatch.Operation}: real {Shown(mismatch.Real)}, model {Shown(mismatch.Model)}");
        Console.Out.WriteLine();
    }

    private static bool TryPlot(RunValidation[] validations, string folder)
    {
        try
        {
            foreach (RunValidation validation in validations)
            {
                foreach (MetricAgreement metric in validation.Metrics)
                    AgreementPlot.Write(Path.Combine(folder, validation.Run.Id), validation.Run.Id, metric);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Terminal.Complain($"--out {folder}: cannot be written: {e.Message}");
            return false;
        }
    }

    private static string Summary(RunValidation[] validations, int passed)
    {
        MetricAgreement[] levels = [.. validations.SelectMany(validation => validation.Metrics).Where(metric => !metric.Metric.IsFlow)];
        string worst = levels.MaxBy(metric => metric.WorstError) is { } metric ? $"; worst level {Percent(metric.WorstError)} ({metric.Metric.Name})" : "";
        double median = levels.Length == 0 ? 0 : levels.Select(level => level.MedianError).Order().ElementAt(levels.Length / 2);
        return $"{passed} of {validations.Length} runs within tolerance; median of the metrics' median errors {Percent(median)}{worst}; "
            + $"{validations.Sum(validation => validation.ErrorMismatches.Length)} steps failed differently";
    }

    private static double? ParsePercent(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent))
            return percent / 100;
        result.AddError($"--max-error is '{text}'; it must be a percentage such as 5%");
        return null;
    }

    private static string Shown(string error) => error.Length == 0 ? "succeeded" : $"said \"{error.ReplaceLineEndings(" ").Trim()}\"";

    private static string Percent(double fraction) => (fraction * 100).ToString("0.00", CultureInfo.InvariantCulture) + "%";
}
