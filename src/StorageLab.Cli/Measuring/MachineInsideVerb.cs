using System.CommandLine;
using System.Globalization;
using StorageLab.Cli.Verbs;
using StorageLab.Host.Docker;
using StorageLab.Host.Machines;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Reports;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Measuring;

/// <summary>The lab inside a throw-away machine. Nobody types it: <see cref="MachineReplay"/> does.</summary>
internal static class MachineInsideVerb
{
    public const string Name = "machine-inside";

    public static Command Build()
    {
        Argument<string> scenario = ScenarioArgument.Create();
        RunSettings settings = new();
        Option<int> variant = new("--variant") { Required = true };
        Option<string> free = new("--free") { Required = true };
        Command command = new(Name, "Measure inside a throw-away machine.") { scenario, variant, free };
        command.Hidden = true;
        settings.AddHostsTo(command);
        command.SetAction(parsed =>
        {
            try
            {
                Measure(parsed.GetRequiredValue(scenario), settings.Overrides(parsed), parsed.GetValue(variant), parsed.GetRequiredValue(free));
                UmlMachine.SayDone();
            }
            catch (Exception e) when (e is MeasureException or InputException or DaemonException or IOException or UnauthorizedAccessException)
            {
                UmlMachine.Say($"failed: {e.Message.ReplaceLineEndings(" ")}");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Measure(string argument, ScenarioOverrides overrides, int variantIndex, string freeFolder)
    {
        Scenario scenario = MeasuredScenario.Read(argument, overrides);
        VariantSpec variant = scenario.Variants[variantIndex];
        string outFolder = UmlMachine.OutFolder(freeFolder);
        MachineSpec spec = new(MeasuredScenario.RunId(scenario, variant), variant, UmlMachine.RootFolder(freeFolder), outFolder);
        using FileStream file = new(Path.Combine(outFolder, MachineReplay.SamplesFile), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        SamplesCsvWriter samples = new(file);
        samples.WriteHeader();
        foreach (Sample sample in new MachineRun(spec, scenario).Run(CancellationToken.None))
        {
            samples.Write(sample);
            samples.Flush();
            file.Flush(flushToDisk: true);
            UmlMachine.Say(string.Create(CultureInfo.InvariantCulture, $"step {sample.StepIndex} {sample.Operation} {sample.Target}"));
        }
    }
}
