using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using StorageLab.Host.Docker;
using StorageLab.Host.Machines;
using StorageLab.Host.Recordings;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Reports;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Measuring;

/// <summary>Runs a scenario in throw-away machines, one per variant; the lab inside writes, this one reads.</summary>
/// <param name="argument">The scenario as the lab inside finds it.</param>
/// <param name="overrides">What was asked for beside it.</param>
/// <param name="folder">Folder of the results; runs go to <c>runs/</c> in it and images to <c>images/</c>.</param>
/// <param name="keepsDisk">Whether the machines' disks are kept.</param>
internal sealed class MachineReplay(string argument, ScenarioOverrides overrides, string folder, bool keepsDisk)
{
    /// <summary>Samples as the lab inside writes them, in a run's folder.</summary>
    public const string SamplesFile = "samples.csv";

    private bool _hasImages;

    /// <summary>What ended a run early; null when none was.</summary>
    public string? Failure { get; private set; }

    /// <summary>Samples of one variant as they come.</summary>
    public IEnumerable<Sample> Replay(Scenario scenario, VariantSpec variant, CancellationToken stop)
    {
        string runId = MeasuredScenario.RunId(scenario, variant);
        string runFolder = Path.GetFullPath(Path.Combine(folder, "runs", runId));
        if (Directory.Exists(runFolder))
            Directory.Delete(runFolder, recursive: true);
        Directory.CreateDirectory(runFolder);
        // Every run finds its images beside the folder of the runs.
        if (!_hasImages)
            RecordedImageFiles.Write(scenario, Path.Combine(folder, "images"));
        _hasImages = true;
        string freeFolder = UmlMachine.FreeFolder(AppContext.BaseDirectory, RuntimeEnvironment.GetRuntimeDirectory(), argument, runFolder, Path.GetTempPath());
        MachineSpec spec = new(runId, variant, UmlMachine.RootFolder(freeFolder), UmlMachine.OutFolder(freeFolder));
        using UmlMachine machine = UmlMachine.Boot(spec, runFolder, freeFolder, CommandInside(scenario, variant, freeFolder));
        using IEnumerator<string> lines = machine.ReadLines(stop).GetEnumerator();
        var taken = 0;
        while (MoveNext(lines))
        {
            foreach (Sample sample in ReadSamples(Path.Combine(runFolder, SamplesFile)).Skip(taken))
            {
                taken++;
                yield return sample;
            }
        }

        if (keepsDisk)
            machine.KeepDisk(Path.Combine(runFolder, "disk.img"));
    }

    /// <summary>A machine that ends early ends the run; what it measured stands.</summary>
    private bool MoveNext(IEnumerator<string> lines)
    {
        try
        {
            return lines.MoveNext();
        }
        catch (MeasureException e)
        {
            Failure ??= e.Message;
            return false;
        }
    }

    private ImmutableArray<string> CommandInside(Scenario scenario, VariantSpec variant, string freeFolder)
    {
        string program = Environment.ProcessPath!;
        string assembly = Path.Combine(AppContext.BaseDirectory, "storagelab.dll");
        IEnumerable<string> self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, assembly] : [program];
        return
        [
            .. self, MachineInsideVerb.Name, argument,
            "--variant", scenario.Variants.IndexOf(variant).ToString(CultureInfo.InvariantCulture), "--free", freeFolder,
            .. overrides.Drivers.SelectMany(driver => (string[])["--driver", driver]),
            .. overrides.Options.SelectMany(option => (string[])["--set", option]),
            .. overrides.Seed is { } seed ? (string[])["--seed", seed.ToString(CultureInfo.InvariantCulture)] : [],
        ];
    }

    /// <summary>Whole rows only: the last one may be half there.</summary>
    private static IEnumerable<Sample> ReadSamples(string path)
    {
        if (!File.Exists(path))
            return [];
        string text = File.ReadAllText(path);
        int end = text.LastIndexOf('\n') + 1;
        return end == 0 ? [] : SamplesCsvReader.Read(new StringReader(text[..end]), path);
    }
}
