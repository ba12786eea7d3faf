using System.Text.Json;
using Xunit;

namespace StorageLab.Cli.Tests;

public sealed class ValidateTests : IDisposable
{
    private static readonly string Recordings = Path.Combine(Repository.Root, "recordings");

    private readonly Storagelab _storagelab = new();

    public void Dispose() => _storagelab.Dispose();

    [Fact]
    public void Several_runs_are_compared_metric_by_metric_and_one_line_over_all_comes_last()
    {
        Storagelab.Result result = _storagelab.Run("validate", Run("S0-loop-lvm") + "/", Run("X1-overlay2-xfs"));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("S0-loop-lvm: loop-lvm on xfs, Linux 6.1, ", lines[0], StringComparison.Ordinal);
        Assert.Matches("^metric +steps +median +worst +at step +bias +sum", lines[1]);
        Assert.Matches("^pool_data_used_blocks +[0-9]+ +[0-9.]+% +[0-9.]+% +[0-9]+ +-?[0-9.]+% +- +ok$", lines[2]);
        Assert.Contains(lines, line => line.StartsWith("thin_dump at the end: ", StringComparison.Ordinal));
        Assert.StartsWith("2 of 2 runs within tolerance; ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_runs_stands_for_all_of_them_and_a_run_that_is_named_twice_is_compared_once()
    {
        Directory.CreateSymbolicLink(Path.Combine(_storagelab.Folder, "images"), Path.Combine(Recordings, "images"));
        string runs = Directory.CreateDirectory(Path.Combine(_storagelab.Folder, "runs")).FullName;
        foreach (string name in new[] { "S0-loop-lvm", "X1-overlay2-xfs" })
            CopyRun(name, Path.Combine(runs, name));
        Assert.Contains("\n2 of 2 runs", _storagelab.Run("validate", _storagelab.Folder, Path.Combine(runs, "S0-loop-lvm")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100%", 0)]
    [InlineData("0.001", 1)]
    public void The_exit_code_tells_whether_the_tolerance_was_kept(string maxError, int code) =>
        Assert.Equal(code, _storagelab.Run("validate", Run("T1-overlay2-xfs"), "--max-error", maxError).ExitCode);

    [Fact]
    public void Commands_that_were_typed_on_the_recorded_host_are_answered_alike_and_what_was_not_compared_is_said()
    {
        Storagelab.Result result = _storagelab.Run("validate", Run("X1-overlay2-xfs"), Run("T1-overlay2-xfs"));
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain(lines, line => line.StartsWith("OFF", StringComparison.Ordinal));
        Assert.Contains("transcript: 53 commands, 53 answered alike", lines);
        Assert.Contains(lines, line => line.StartsWith("  not compared in ", StringComparison.Ordinal) && line.EndsWith(": how long ago things of this run were", StringComparison.Ordinal));
        Assert.EndsWith("; 260 of 260 commands answered alike", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_is_answered_otherwise_is_a_finding_with_its_file_and_line_and_both_answers()
    {
        Directory.CreateSymbolicLink(Path.Combine(_storagelab.Folder, "images"), Path.Combine(Recordings, "images"));
        string run = Path.Combine(Directory.CreateDirectory(Path.Combine(_storagelab.Folder, "runs")).FullName, "X1-overlay2-xfs");
        CopyRun("X1-overlay2-xfs", run);
        string transcript = Path.Combine(run, "X1.txt");
        File.WriteAllText(transcript, File.ReadAllText(transcript).Replace("Untagged: web:1\n", "Untagged: web:2\n", StringComparison.Ordinal));
        Storagelab.Result result = _storagelab.Run("validate", run);
        Assert.Equal(1, result.ExitCode);
        Assert.Matches(@"\nOFF: X1\.txt:\d+: \$ docker image rm web:1\n  - Untagged: web:2\n  \+ Untagged: web:1\n", result.Output);
        Assert.Contains("53 commands, 52 answered alike", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_holds_the_same_figures_as_fractions()
    {
        Storagelab.Result result = _storagelab.Run("validate", Run("S0-loop-lvm"), "--json", "--max-error", "0");
        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement run = json.RootElement.GetProperty("runs")[0];
        Assert.Equal("S0-loop-lvm", run.GetProperty("run").GetString());
        Assert.False(run.GetProperty("within").GetBoolean());
        JsonElement blocks = run.GetProperty("metrics").EnumerateArray().First(metric => metric.GetProperty("metric").GetString() == "pool_data_used_blocks");
        Assert.InRange(blocks.GetProperty("median_error").GetDouble(), 0, 0.01);
        Assert.Equal(1, json.RootElement.GetProperty("runs_total").GetInt32());
        Assert.Equal(run.GetProperty("final_mappings").GetProperty("real_blocks").GetInt64(), run.GetProperty("final_mappings").GetProperty("model_blocks").GetInt64());
    }

    [Fact]
    public void Plots_of_both_curves_are_left_for_every_metric()
    {
        Storagelab.Result result = _storagelab.Run("validate", Run("X1-overlay2-xfs"), "--out", "agreement");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string folder = Path.Combine(_storagelab.Folder, "agreement", "X1-overlay2-xfs");
        string[] metrics = ["disk_write_bytes", "graph_dir_allocated_bytes", "graph_dir_inodes", "host_fs_used_inodes"];
        Assert.Equal(metrics.SelectMany(metric => new[] { metric + ".png", metric + ".svg" }), Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Plots_that_cannot_be_written_are_said_before_anything_is_printed()
    {
        Storagelab.Result result = _storagelab.Run("validate", Run("X1-overlay2-xfs"), "--out", _storagelab.Write("taken", ""));
        Assert.Equal((3, ""), (result.ExitCode, result.Output));
        Assert.Contains("cannot be written", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", "there is no such folder")]
    [InlineData("empty", "holds no recorded run")]
    [InlineData("file", "is a file")]
    public void What_is_no_run_is_said_in_one_line(string argument, string message)
    {
        Directory.CreateDirectory(Path.Combine(_storagelab.Folder, "empty"));
        _storagelab.Write("file", "");
        Storagelab.Result result = _storagelab.Run("validate", argument);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"storagelab: {argument}: {message}", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runs_of_one_name_are_refused()
    {
        Directory.CreateSymbolicLink(Path.Combine(_storagelab.Folder, "images"), Path.Combine(Recordings, "images"));
        CopyRun("X1-overlay2-xfs", Path.Combine(_storagelab.Folder, "runs", "again"));
        Storagelab.Result result = _storagelab.Run("validate", Run("X1-overlay2-xfs"), Path.Combine(_storagelab.Folder, "runs"));
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("is a second run of the name X1-overlay2-xfs", result.Error, StringComparison.Ordinal);
    }

    private static string Run(string name) => Path.Combine(Recordings, "runs", name);

    private static void CopyRun(string name, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(Run(name)))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
