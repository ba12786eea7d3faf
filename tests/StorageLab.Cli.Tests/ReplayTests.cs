using Xunit;

namespace StorageLab.Cli.Tests;

public sealed class ReplayTests : IDisposable
{
    private readonly Storagelab _storagelab = new();

    public void Dispose() => _storagelab.Dispose();

    [Fact]
    public void A_script_is_shown_with_what_it_wrote_and_leaves_what_a_run_leaves()
    {
        _storagelab.Write("a.sh", "# Waiting\nsleep 3   # seconds\n\nfor x in 1 2; do\n  echo $x\ndone\ncat <<EOF\ntext\nEOF\nfalse\n");
        Storagelab.Result result = _storagelab.Run("replay", "a.sh", "--driver", "overlay2", "--plain");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith(
            "# Waiting\n$ sleep 3   # seconds\n# overlay2  0 B allocated, 0 B live, 3.00 s on sata-ssd\n\n$ for x in 1 2; do\n>   echo $x\n> done\n1\n2\n"
            + "$ cat <<EOF\n> text\n> EOF\ntext\n$ false\n[exit 1]\n\n",
            result.Output,
            StringComparison.Ordinal);
        Assert.Equal(
            ["block-map.json", "plots", "report.html", "samples.csv", "summary.csv", "summary.json"],
            Directory.GetFileSystemEntries(Path.Combine(_storagelab.Folder, "reports/a")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("\"title\": \"Waiting\"", File.ReadAllText(Path.Combine(_storagelab.Folder, "reports/a/summary.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_drivers_differ_every_line_says_whose_it_is()
    {
        _storagelab.Write("a.sh", "echo same\nls -s /var/lib/docker/devicemapper/devicemapper/data\n");
        string output = _storagelab.Run("replay", "a.sh", "--driver", "loop-lvm", "--driver", "overlay2", "--out", "o", "--plain").Output;
        Assert.Contains("$ echo same\nsame\n$ ls", output, StringComparison.Ordinal);
        Assert.Matches("loop-lvm +\\| \\d+ /var/lib/docker/devicemapper/devicemapper/data\n", output);
        Assert.Contains("overlay2                     | ls: cannot access", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sleep 1\nfoo\n", "storagelab: a.sh:2:1: the command 'foo' is not supported")]
    [InlineData("sleep 1\nC=foo\n$C\n", "storagelab: a.sh:3:1: the command 'foo' is not supported")]
    [InlineData("echo 'a\n", "storagelab: a.sh:1:6: this ' is not closed")]
    [InlineData("$ sleep 1\n$ grep -P x\n", "storagelab: a.sh:2:8: grep: -P is not supported")]
    public void What_is_not_supported_is_one_line_and_leaves_nothing(string script, string message)
    {
        _storagelab.Write("a.sh", script);
        Storagelab.Result result = _storagelab.Run("replay", "a.sh", "--out", "o");
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith(message, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_storagelab.Folder, "o/samples.csv")));
    }

    [Fact]
    public void What_the_disk_commands_say_is_what_the_samples_say()
    {
        _storagelab.Write("a.sh", "du -k /var/lib/docker/devicemapper/devicemapper/data\nls -ls /var/lib/docker/devicemapper/devicemapper/data\ndf -k\nsleep 0\n");
        string output = _storagelab.Run("replay", "a.sh", "--driver", "loop-lvm", "--set", "dm.blkdiscard=true", "--out", "o", "--plain").Output;
        string[] names = File.ReadLines(Path.Combine(_storagelab.Folder, "o/samples.csv")).First().Split(',');
        string[] row = File.ReadLines(Path.Combine(_storagelab.Folder, "o/samples.csv")).Last().Split(',');
        long Bytes(string column) => long.Parse(row[Array.IndexOf(names, column)], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains($"{Bytes("data_file_allocated_bytes") / 1024}\t/var/lib/docker/devicemapper/devicemapper/data\n", output, StringComparison.Ordinal);
        Assert.Contains($"{Bytes("data_file_allocated_bytes") / 1024} -rw------- 1 root root {Bytes("data_file_apparent_bytes")} ", output, StringComparison.Ordinal);
        Assert.Contains($" {Bytes("host_fs_used_bytes") / 1024} ", output, StringComparison.Ordinal);
    }
}
