using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace StorageLab.Cli.Tests;

/// <summary>Runs of real scenarios, as a user would type them.</summary>
public sealed class RunTests : IDisposable
{
    private const string Tiny =
        """
        title: Tiny
        steps:
          - pull: {image: busybox:1.35}
          - run: {image: busybox:1.35, name: box}
          - rmi: {image: busybox:1.35}
          - rm: {name: box, force: true}
          - rmi: {image: busybox:1.35}

        """;

    private readonly Storagelab _storagelab = new();

    public RunTests() => _storagelab.Write("tiny.yaml", Tiny);

    public void Dispose() => _storagelab.Dispose();

    [Fact]
    public void A_run_leaves_tables_and_plots_and_prints_what_it_found()
    {
        Storagelab.Result result = _storagelab.Run("run", "tiny.yaml");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("final allocated", result.Output, StringComparison.Ordinal);
        Assert.Contains("of live data", result.Output.Replace("no live data at all", "of live data", StringComparison.Ordinal), StringComparison.Ordinal);
        string folder = Path.Combine(_storagelab.Folder, "reports", "tiny");
        Assert.Equal(["block-map.json", "report.html", "samples.csv", "summary.csv", "summary.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.True(new FileInfo(Path.Combine(folder, "plots", "growth.png")).Length > 10_000);
        Assert.True(new FileInfo(Path.Combine(folder, "plots", "growth.svg")).Length > 5_000);
        string[] rows = File.ReadAllLines(Path.Combine(folder, "samples.csv"));
        Assert.Equal(1 + 4 * 6, rows.Length);
        Assert.Equal(4, rows.Count(row => row.Contains(",refused,", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_samples_are_the_same_to_the_byte_whatever_the_number_of_threads()
    {
        foreach (string threads in new[] { "1", "4" })
            Assert.Equal(0, _storagelab.Run("run", "tiny.yaml", "--threads", threads, "--out", threads, "--quiet").ExitCode);
        foreach (string file in new[] { "block-map.json", "report.html", "samples.csv", "summary.csv", "summary.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(_storagelab.Folder, "1", file)), File.ReadAllBytes(Path.Combine(_storagelab.Folder, "4", file)));
    }

    [Fact]
    public void Json_on_the_output_is_the_summary_and_nothing_else()
    {
        Storagelab.Result result = _storagelab.Run("run", "tiny.yaml", "--json", "--seed", "9");
        JsonElement json = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(9, json.GetProperty("seed").GetInt64());
        Assert.True(json.GetProperty("complete").GetBoolean());
        Assert.Equal(4, json.GetProperty("variants").GetArrayLength());
        Assert.Equal(File.ReadAllText(Path.Combine(_storagelab.Folder, "reports/tiny/summary.json")).Trim(), result.Output.Trim());
    }

    [Fact]
    public void A_quiet_run_says_nothing()
    {
        Storagelab.Result result = _storagelab.Run("run", "tiny.yaml", "--quiet");
        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void Into_a_pipe_go_no_control_codes()
    {
        Storagelab.Result result = _storagelab.Run("run", "tiny.yaml");
        Assert.DoesNotContain('\e', result.Output + result.Error);
        Assert.DoesNotContain(result.Output, c => c > 127);
    }

    [Fact]
    public void A_driver_and_an_option_given_on_the_command_line_show_in_the_label()
    {
        Assert.Equal(0, _storagelab.Run("run", "tiny.yaml", "--driver", "direct-lvm", "--set", "dm.blkdiscard=true", "--quiet").ExitCode);
        string[] summary = File.ReadAllLines(Path.Combine(_storagelab.Folder, "reports/tiny/summary.csv"));
        Assert.Equal(2, summary.Length);
        Assert.Contains(",direct-lvm dm.blkdiscard=true,direct-lvm,dm.blkdiscard=true,", summary[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_that_no_chosen_driver_takes_is_refused() =>
        Assert.Equal(2, _storagelab.Run("run", "tiny.yaml", "--driver", "overlay2", "--set", "dm.blkdiscard=true").ExitCode);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void An_interrupt_leaves_what_was_measured_and_exit_code_130(string signal)
    {
        using Process process = _storagelab.Start("run", "ci-host", "--out", "stopped", "--driver", "overlay2");
        string part = Path.Combine(_storagelab.Folder, "stopped", ".samples.csv.part0");
        Stopwatch patience = Stopwatch.StartNew();
        while ((!File.Exists(part) || new FileInfo(part).Length == 0) && patience.Elapsed < TimeSpan.FromSeconds(30))
            Thread.Sleep(10);
        Process.Start("kill", ["-" + signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        Storagelab.Result result = Storagelab.Finish(process);

        Assert.Equal(130, result.ExitCode);
        Assert.Contains("interrupted", result.Error, StringComparison.Ordinal);
        string folder = Path.Combine(_storagelab.Folder, "stopped");
        Assert.Equal(["block-map.json", "report.html", "samples.csv", "summary.csv", "summary.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.EndsWith("\n", File.ReadAllText(Path.Combine(folder, "samples.csv")), StringComparison.Ordinal);
        Assert.False(JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "summary.json"))).RootElement.GetProperty("complete").GetBoolean());
    }

    [Fact]
    public void A_reader_that_has_seen_enough_is_no_error()
    {
        Storagelab.Result result = _storagelab.RunShell("show ci-host | head -1");
        Assert.StartsWith("ci-host: ", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Error);
    }
}
