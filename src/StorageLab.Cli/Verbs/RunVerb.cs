using System.CommandLine;
using System.Runtime.InteropServices;
using StorageLab.Cli.ThinDumps;
using StorageLab.Model.Drivers;
using StorageLab.Model.Maps;
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
        RunSettings settings = new();
        Option<bool> thinDump = new("--thin-dump") { Description = "Leave the final mappings of every pool as thin_dump's XML, in thin-dump/VARIANT.xml." };
        Command command = new("run", "Replay a scenario on its drivers; leave samples.csv, summary.csv, summary.json and plots.") { scenario, thinDump };
        settings.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            Scenario read = new ScenarioReader(ScenarioLibrary.Shipped).Read(parsed.GetRequiredValue(scenario), settings.Overrides(parsed));
            RunOptions options = settings.Options(parsed, read.Name);
            VariantReplay replay = parsed.GetValue(thinDump)
                ? new ThinDumpWriter(Path.Combine(options.Folder, "thin-dump")).ReplayAndDump
                : ReplayAndMap;
            return RunAsync(read, options, replay);
        });
        return command;
    }

    /// <summary>Replays a variant, and reads its block maps on the way.</summary>
    internal static IEnumerable<Sample> ReplayAndMap(Scenario scenario, VariantSpec variant, VariantRecorder maps, CancellationToken stop)
    {
        Replayer replayer = Install(scenario, variant);
        return WithMaps(replayer.Run(stop), replayer.Host, maps);
    }

    /// <summary>Hands samples on as they are taken, each with the map of the host at that moment.</summary>
    internal static IEnumerable<Sample> WithMaps(IEnumerable<Sample> samples, LabHost host, VariantRecorder maps)
    {
        DiskMapper mapper = new(host);
        foreach (Sample sample in samples)
        {
            if (maps.WantsMap(sample.StepIndex))
                maps.AddMap(sample.StepIndex, mapper.Read());
            yield return sample;
        }
    }

    /// <summary>Sets up a variant's host and driver.</summary>
    /// <exception cref="InputException">The host cannot hold the driver, e.g. because its disk is too small.</exception>
    internal static Replayer Install(Scenario scenario, VariantSpec variant)
    {
        try
        {
            return new Replayer(scenario, variant);
        }
        catch (ArgumentException e)
        {
            throw new InputException(scenario.Name, $"{variant.Name} cannot be set up: {e.Message.Split(" (Parameter", 2)[0]}");
        }
    }

    /// <summary>Runs a scenario that was read, until its end or an interrupt.</summary>
    /// <param name="beforeSummary">Prints what has to stand above the summary.</param>
    internal static async Task<int> RunAsync(Scenario scenario, RunOptions options, VariantReplay replay, Action? beforeSummary = null)
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
                RunSummary summary = report.Finish(isInterrupted: interrupt.IsCancellationRequested);
                if (options.Mode is OutputMode.Rich or OutputMode.Plain)
                    beforeSummary?.Invoke();
                Show(summary, [.. scenario.Variants.Select(RunHost.Of)], options);
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
            Terminal.Complain($"--out {folder}: cannot be written: {WhyNot(folder, e)}");
            return null;
        }
    }

    /// <summary>Why a folder cannot be made, in more than the runtime's words where a file is in the way.</summary>
    private static string WhyNot(string folder, Exception e)
    {
        if (string.IsNullOrWhiteSpace(folder))
            return "it has no name";
        for (string? path = folder; !string.IsNullOrEmpty(path); path = Path.GetDirectoryName(path))
        {
            if (File.Exists(path))
                return $"{path} is a file";
        }
        return e.Message.ReplaceLineEndings(" ");
    }

    /// <summary>The first interrupt ends the run after the step it is at; a second one ends the program.</summary>
    private static void Interrupt(PosixSignalContext context, CancellationTokenSource interrupt)
    {
        context.Cancel = !interrupt.IsCancellationRequested;
        interrupt.Cancel();
    }

    private static void Show(RunSummary summary, IReadOnlyList<RunHost> hosts, RunOptions options)
    {
        if (PlotFonts.Family is null)
            Terminal.Complain(PlotFonts.MissingMessage);
        if (options.Mode == OutputMode.Json)
        {
            using Stream output = Console.OpenStandardOutput();
            SummaryFiles.WriteJson(summary, hosts, output);
            output.WriteByte((byte)'\n');
        }
        if (options.Mode is OutputMode.Json or OutputMode.Quiet)
            return;
        SummaryTable.Print(Terminal.Output, summary, options.Mode == OutputMode.Plain || Console.IsOutputRedirected);
        Terminal.Say($"{(summary.IsComplete ? "" : "interrupted; what was measured so far is in ")}{options.Folder}: report.html, samples.csv, summary.csv, summary.json, block-map.json, plots/");
    }
}
