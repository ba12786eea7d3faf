using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using StorageLab.Cli.ThinDumps;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Reports;
using StorageLab.Reports.Plots;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab run</c>: replays a scenario on every variant and leaves tables and plots.</summary>
internal static class RunVerb
{
    public static Command Build()
    {
        Argument<string> scenario = ScenarioArgument.Create();
        Option<string[]> drivers = new("--driver") { Description = "Only this driver or variant; may be given several times.", HelpName = "NAME" };
        drivers.CompletionSources.Add(_ => DriverNames.All.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        Option<string[]> settings = new("--set") { Description = "A storage option by Docker's name, for every variant whose driver takes it.", HelpName = "KEY=VALUE" };
        settings.CompletionSources.Add(_ => StorageOptionCatalog.All.Select(option => new System.CommandLine.Completions.CompletionItem(option.Name + "=")));
        Option<ulong?> seed = new("--seed") { Description = "What random choices come from, instead of the scenario's seed.", HelpName = "N" };
        seed.CustomParser = result => ParseWhole<ulong>(result, "--seed", 0);
        Option<string?> folder = new("--out") { Description = "Folder for the results (default: reports/SCENARIO below the current folder).", HelpName = "DIR" };
        Option<int> threads = new("--threads") { Description = "Variants replayed at once (default: the number of cores).", HelpName = "N" };
        threads.DefaultValueFactory = _ => Environment.ProcessorCount;
        threads.CustomParser = result => ParseWhole(result, "--threads", 1);
        Option<bool> thinDump = new("--thin-dump") { Description = "Leave the final mappings of every pool as thin_dump's XML, in thin-dump/VARIANT.xml." };
        Option<bool> plain = new("--plain") { Description = "No colours or line drawing, progress as lines." };
        Option<bool> json = new("--json") { Description = "Print the summary as JSON instead of the table." };
        Option<bool> quiet = new("--quiet") { Description = "Print nothing but errors." };

        Command command = new("run", "Replay a scenario on its drivers; leave samples.csv, summary.csv, summary.json and plots.")
        {
            scenario, drivers, settings, seed, folder, threads, thinDump, plain, json, quiet,
        };
        command.Validators.Add(result =>
        {
            string[] modes = [.. new[] { plain, json, quiet }.Where(o => result.GetResult(o) is not null).Select(o => o.Name)];
            if (modes.Length > 1)
                result.AddError($"{modes[0]} and {modes[1]} exclude each other");
        });
        command.SetAction((parsed, _) =>
        {
            ScenarioOverrides overrides = new()
            {
                Seed = parsed.GetValue(seed),
                Drivers = [.. parsed.GetValue(drivers) ?? []],
                Options = [.. parsed.GetValue(settings) ?? []],
            };
            Scenario read = new ScenarioReader(ScenarioLibrary.Shipped).Read(parsed.GetRequiredValue(scenario), overrides);
            OutputMode mode = parsed.GetValue(quiet) ? OutputMode.Quiet
                : parsed.GetValue(json) ? OutputMode.Json
                : parsed.GetValue(plain) ? OutputMode.Plain : OutputMode.Rich;
            string target = parsed.GetValue(folder) ?? Path.Combine("reports", FileNameOf(read.Name));
            VariantReplay replay = parsed.GetValue(thinDump)
                ? new ThinDumpWriter(Path.Combine(target, "thin-dump")).ReplayAndDump
                : (s, v, stop) => new Replayer(s, v).Run(stop);
            return RunAsync(read, new RunOptions(target, parsed.GetValue(threads), mode), replay);
        });
        return command;
    }

    /// <summary>Runs a scenario that was read, until its end or an interrupt.</summary>
    internal static async Task<int> RunAsync(Scenario scenario, RunOptions options, VariantReplay replay)
    {
        RunReport? report = TryOpen(scenario, options.Folder);
        if (report is null)
            return ExitCode.BadInput;
        using (report)
        using (CancellationTokenSource interrupt = new())
        using (PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Interrupt(c, interrupt)))
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Interrupt(c, interrupt)))
        {
            try
            {
                ScenarioRun run = new(scenario, report, replay);
                Task work = run.RunAsync(options.ThreadCount, interrupt.Token);
                await RunProgress.FollowAsync(run, work, options.Mode);
                RunSummary summary = report.Finish();
                Show(summary, options);
                return summary.IsComplete ? ExitCode.Ok : ExitCode.Interrupted;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Terminal.Complain($"{options.Folder}: the results could not be written: {e.Message}");
                return ExitCode.OutputFailed;
            }
        }
    }

    private static RunReport? TryOpen(Scenario scenario, string folder)
    {
        try
        {
            // An empty path would mean the current folder, which nobody means by --out "".
            ArgumentException.ThrowIfNullOrWhiteSpace(folder);
            return new RunReport(folder, scenario);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Terminal.Complain($"--out {folder}: cannot be written: {e.Message.ReplaceLineEndings(" ")}");
            return null;
        }
    }

    private static T ParseWhole<T>(ArgumentResult result, string option, T lowest)
        where T : struct, INumber<T>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out T number) && number >= lowest)
            return number;
        result.AddError($"{option} is '{text}'; it must be a whole number, at least {lowest}");
        return default;
    }

    /// <summary>The first interrupt ends the run after the step it is at; a second one ends the program.</summary>
    private static void Interrupt(PosixSignalContext context, CancellationTokenSource interrupt)
    {
        context.Cancel = !interrupt.IsCancellationRequested;
        interrupt.Cancel();
    }

    private static void Show(RunSummary summary, RunOptions options)
    {
        if (PlotFonts.Family is null)
            Terminal.Complain(PlotFonts.MissingMessage);
        if (options.Mode == OutputMode.Json)
        {
            using Stream output = Console.OpenStandardOutput();
            SummaryFiles.WriteJson(summary, output);
            output.WriteByte((byte)'\n');
        }
        if (options.Mode is OutputMode.Json or OutputMode.Quiet)
            return;
        SummaryTable.Print(Terminal.Output, summary, options.Mode == OutputMode.Plain || Console.IsOutputRedirected);
        Console.Error.WriteLine($"{(summary.IsComplete ? "" : "interrupted; what was measured so far is in ")}{options.Folder}: samples.csv, summary.csv, summary.json, plots/");
    }

    /// <summary>A name as a file's or folder's: what a path could read otherwise becomes a dash.</summary>
    internal static string FileNameOf(string name)
    {
        string safe = string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));
        return safe.Trim('.') is { Length: > 0 } usable ? usable : "run";
    }
}
