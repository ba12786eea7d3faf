using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StorageLab.Host.Doctor;
using StorageLab.Model.Drivers;
using StorageLab.Scenarios.Recorded;
using Xunit;

namespace StorageLab.Cli.Tests;

/// <summary>Real Docker on a real kernel, in a throw-away machine.</summary>
public sealed class MachineTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Storagelab _storagelab = new();

    public MachineTests()
    {
        HostNeed[] missing = [.. HostSurvey.MissingForMachine(DriverNames.LoopLvm)];
        Assert.SkipUnless(missing.Length == 0, $"a machine needs {string.Join(", ", missing.Select(need => need.Name))}; {HostSurvey.Install(missing)}");
    }

    public void Dispose() => _storagelab.Dispose();

    [Fact]
    public void A_recorded_run_measured_again_comes_to_the_same_and_the_model_agrees()
    {
        string recorded = Path.Combine(Repository.Root, "recordings/runs/S0-loop-lvm");
        Storagelab.Result result = Storagelab.Finish(_storagelab.Start("validate", "--machine", "uml", recorded, "--out", "measured", "--json"), Patience);
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument judged = JsonDocument.Parse(result.Output);
        Assert.Equal(JsonValueKind.Object, judged.RootElement.ValueKind);

        RecordedRun before = RecordedRunReader.Read(recorded);
        RecordedRun now = RecordedRunReader.Read(Path.Combine(_storagelab.Folder, "measured/runs/S0-loop-lvm"));
        Assert.Equal(before.Rows.Select(row => (row.Operation, row.IsOk)), now.Rows.Select(row => (row.Operation, row.IsOk)));
        foreach ((RecordedRow first, RecordedRow second) in before.Rows.Zip(now.Rows))
        {
            foreach (string measure in (string[])["pool_data_used_blocks", "data_file_allocated_bytes", "pool_metadata_used_blocks"])
                Assert.InRange(second.Values[measure], first.Values[measure] * 0.995, first.Values[measure] * 1.005);
        }

        string[] leftBehind = [".machine", "disk.img"];
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(_storagelab.Folder, "*", SearchOption.AllDirectories),
            path => leftBehind.Contains(Path.GetFileName(path)));
    }

    [Fact]
    public void A_lab_that_is_killed_takes_its_machine_along()
    {
        using Process lab = _storagelab.Start("measure", Path.Combine(Repository.Root, "recordings/runs/S0-loop-lvm"), "--machine", "uml", "--quiet", "--out", "killed");
        string work = Path.Combine(Path.GetTempPath(), "storagelab-machine-" + lab.Id.ToString(CultureInfo.InvariantCulture));
        Assert.True(WaitUntil(() => MachineProcesses(work).Any(), Patience), "no machine was switched on");
        lab.Kill();
        lab.WaitForExit();
        Assert.True(WaitUntil(() => !MachineProcesses(work).Any() && !Directory.Exists(work), TimeSpan.FromSeconds(20)), "the machine goes on, or its folder is left");
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(_storagelab.Folder, "*", SearchOption.AllDirectories), path => Path.GetFileName(path) == ".machine");
    }

    /// <summary>Processes of a machine that live; one that nobody has waited for yet has no command line.</summary>
    private static IEnumerable<string> MachineProcesses(string work) => Directory.EnumerateDirectories("/proc")
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Where(folder => CommandLine(folder) is { } line && line.StartsWith("linux.uml", StringComparison.Ordinal) && line.Contains(work + "/", StringComparison.Ordinal));

    private static string? CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended, or is somebody else's.
            return null;
        }
    }

    private static bool WaitUntil(Func<bool> condition, TimeSpan patience)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (waited.Elapsed > patience)
                return false;
            Thread.Sleep(50);
        }

        return true;
    }
}
