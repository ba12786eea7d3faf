using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.ExceptionServices;
using StorageLab.Cli.Measuring;
using StorageLab.Cli.Validation;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Reports.Plots;
using StorageLab.Scenarios;
using StorageLab.Scenarios.Recorded;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab validate</c>: replays recorded runs of real Docker on the model and says how far it is off.</summary>
internal static class ValidateVerb
{
    public static Command Build()
    {
        Argument<string[]> folders = new("RUN_DIR")
        {
            Description = "Folders of recorded runs (run.json, scenario.json, trajectory.csv), or folders that hold some; with --machine a scenario.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<double?> maxError = new("--max-error")
        {
            Description = "Largest error of any step, for bytes written of the run's sum, e.g. 5% (default: each metric's own limits).",
            HelpName = "PERCENT",
            CustomParser = ParsePercent,
        };
        Option<string?> folder = new("--out") { Description = "Folder for a plot of both curves per run and metric, with --machine for the runs too (default: no plots).", HelpName = "DIR" };
        Option<bool> json = new("--json") { Description = "Print the comparison as JSON instead of tables." };
        Option<bool> markdown = new("--markdown") { Description = "Print one Markdown table, a row per run, as in docs/model.md." };
        Option<string?> machine = MeasureVerb.MachineOption();
        machine.Description = "Measure a scenario first, in a throw-away machine of this kind (see storagelab measure), and validate that.";
        RunSettings settings = new();
        Command command = new("validate", "Replay recorded runs of real Docker on the model and compare step by step, and command by command where one was typed.")
        {
            folders, maxError, folder, json, markdown, machine,
        };
        settings.AddHostsTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(json) is not null && result.GetResult(markdown) is not null)
                result.AddError("--json and --markdown exclude each other");
            if (result.GetResult(machine) is null)
            {
                if (settings.FirstGiven(result) is { } option)
                    result.AddError($"{option} says what is measured; it goes with --machine uml");
            }
            else if (result.GetValue(folders) is { Length: > 1 })
            {
                result.AddError("one scenario at a time is measured with --machine");
            }
        });
        command.SetAction(async (parsed, _) =>
        {
            string[] arguments = parsed.GetRequiredValue(folders);
            if (parsed.GetValue(machine) is not null)
            {
                int measured = await MeasureAsync(arguments[0], settings.Overrides(parsed), parsed.GetValue(folder), runs => arguments = runs);
                if (measured != ExitCode.Ok)
                    return measured;
            }

            ImmutableArray<RunValidation> validations = await ValidateAsync(RecordedRunFolders.Find(arguments));
            double? limit = parsed.GetValue(maxError);
            if (parsed.GetValue(folder) is { } outFolder && !TryPlot(validations, outFolder))
                return ExitCode.OutputFailed;
            if (parsed.GetValue(json))
                JsonOutput.Print(writer => ValidationJson.Write(writer, validations, limit));
            else if (parsed.GetValue(markdown))
                ValidationMarkdown.Print(Console.Out, validations);
            else
                PrintTables(validations, limit);
            return validations.All(validation => validation.Passes(limit)) ? ExitCode.Ok : ExitCode.Finding;
        });
        return command;
    }

    /// <summary>Measures a scenario in machines.</summary>
    /// <param name="folder">Where the runs go; null for the folder that measure takes.</param>
    /// <param name="found">Is told the folders of the runs.</param>
    private static async Task<int> MeasureAsync(string argument, ScenarioOverrides overrides, string? folder, Action<string[]> found)
    {
        Scenario scenario = MeasuredScenario.Read(argument, overrides);
        folder ??= RunSettings.DefaultFolder(scenario.Name + MeasureVerb.FolderEnding);
        Terminal.Say($"measuring {scenario.Name} in {Counted.Of(scenario.Variants.Length, "machine")}; the runs go to {folder}");
        found([.. scenario.Variants.Select(variant => Path.Combine(folder, "runs", MeasuredScenario.RunId(scenario, variant)))]);
        return await MeasureVerb.InMachinesAsync(scenario, argument, overrides, new RunOptions(folder, ThreadCount: 1, OutputMode.Quiet), keepsDisk: false);
    }

    /// <summary>Reads all runs, so that a broken one is found before anything is replayed, and replays them side by side.</summary>
    private static async Task<ImmutableArray<RunValidation>> ValidateAsync(ImmutableArray<string> folders)
    {
        RecordedRun[] runs = InParallel(folders, RecordedRunReader.Read);
        if (runs.GroupBy(run => run.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException(twice.Last().MachineFile, $"is a second run of the name {twice.Key}; validate them one by one");
        var stepsDone = 0;
        Task<RunValidation[]> work = Task.Run(() => InParallel(runs, run => RunValidation.Of(run, () => Interlocked.Increment(ref stepsDone))));
        await ValidationProgress.FollowAsync(work, () => Volatile.Read(ref stepsDone), runs.Sum(run => run.Rows.Length));
        return [.. await work];
    }

    private static TResult[] InParallel<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> map)
    {
        var results = new TResult[items.Count];
        try
        {
            Parallel.For(0, items.Count, index => results[index] = map(items[index]));
            return results;
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions.FirstOrDefault(inner => inner is InputException) ?? e.InnerExceptions[0]);
            throw;
        }
    }

    private static void PrintTables(ImmutableArray<RunValidation> validations, double? maxError)
    {
        foreach (RunValidation validation in validations)
            ValidationTables.Print(Console.Out, validation, maxError);
        Console.Out.WriteLine(ValidationTables.Summary(validations, maxError));
    }

    private static bool TryPlot(ImmutableArray<RunValidation> validations, string folder)
    {
        if (PlotFonts.Family is null)
            Terminal.Complain(PlotFonts.MissingMessage);
        try
        {
            foreach (RunValidation validation in validations)
            {
                foreach (MetricAgreement metric in validation.Metrics)
                    AgreementPlot.Write(Path.Combine(folder, validation.Run.Id), validation.Run.Id, metric);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Terminal.Complain($"--out {folder}: cannot be written: {e.Message.ReplaceLineEndings(" ")}");
            return false;
        }
    }

    private static double? ParsePercent(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent))
            return percent / 100;
        result.AddError($"--max-error is '{text}'; it must be a percentage such as 5%");
        return null;
    }
}
