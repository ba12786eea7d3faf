using Xunit;

namespace StorageLab.Cli.Tests;

public sealed class ShellTests : IDisposable
{
    private readonly Storagelab _storagelab = new();

    public void Dispose() => _storagelab.Dispose();

    [Fact]
    public void Commands_come_from_a_pipe_without_prompt_or_colour()
    {
        Storagelab.Result result = _storagelab.RunWithInput("echo one\nfor x in 2 3; do\n  echo $x\ndone\necho a |\n  tr a b\n", "shell", "--quiet", "--driver", "overlay2");
        Assert.Equal((0, "one\n2\n3\nb\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void Behind_each_command_a_line_says_what_it_did_to_the_disk()
    {
        Storagelab.Result result = _storagelab.RunWithInput("sleep 2\n", "shell", "--driver", "overlay2");
        Assert.Equal("# overlay2: 0 B allocated, 0 B live, 2.00 s on sata-ssd\n", result.Output);
    }

    [Theory]
    [InlineData("dokcer ps", "storagelab: shell:1:1: the command 'dokcer' is not supported; did you mean docker?")]
    [InlineData("explian", "storagelab: shell:1:1: the command 'explian' is not supported; did you mean explain?")]
    [InlineData("echo \"a", "storagelab: shell:1:6: this \" is not closed; write another \" where the quoted text ends")]
    [InlineData("echo $(sort", "storagelab: shell:1:6: this $( is not closed; a ) has to follow")]
    [InlineData("sleep 9; kubectl get", "storagelab: shell:1:10: the command 'kubectl' is not supported; docker and the usual text tools are")]
    [InlineData("sleep 9; C=kubectl; $C get", "storagelab: shell:1:21: the command 'kubectl' is not supported; docker and the usual text tools are")]
    [InlineData("driver overlay3", "storagelab: there is no driver 'overlay3'; did you mean overlay2?")]
    public void A_line_that_cannot_run_is_one_line_of_error_and_changes_nothing(string line, string expected)
    {
        Storagelab.Result result = _storagelab.RunWithInput($"sleep 2\ndate\n{line}\ndate\n", "shell", "--quiet", "--driver", "overlay2");
        Assert.Equal(expected, Assert.Single(result.ErrorLines));
        string[] dates = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, dates.Length);
        Assert.Equal(dates[0], dates[1]);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void What_was_done_can_be_undone_reset_and_done_on_another_driver()
    {
        Storagelab.Result result = _storagelab.RunWithInput(
            "sleep 60\nX=1\ndate\nundo\nundo\nundo\necho \"<$X>\"\ndriver direct-lvm\ndriver\nreset\nundo\n", "shell", "--quiet", "--driver", "overlay2");
        Assert.Equal("", result.Error);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("09:01:00", lines[0], StringComparison.Ordinal);
        Assert.Equal("undone: date; 0 B allocated, 0 B live", lines[1]);
        Assert.Equal("undone: X=1; 0 B allocated, 0 B live", lines[2]);
        Assert.Equal("undone: sleep 60; 0 B allocated, 0 B live", lines[3]);
        Assert.Equal("<>", lines[4]);
        Assert.StartsWith("direct-lvm on 200 GiB of sata-ssd, xfs; ", lines[5], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("* direct-lvm on", StringComparison.Ordinal));
        Assert.Equal("there is nothing to undo", lines[^1]);
    }

    [Fact]
    public void Exit_ends_the_shell_with_its_status()
    {
        Storagelab.Result result = _storagelab.RunWithInput("exit 3\necho never\n", "shell");
        Assert.Equal((3, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void A_scenario_is_done_before_the_prompt_or_gives_its_hosts_alone()
    {
        _storagelab.Write("day.yaml", "title: A day\nhosts:\n  small: {disk: 30GiB}\ndrivers: [overlay2]\nsteps:\n  - wait: 1d\n");
        Assert.Contains("Dec 2", _storagelab.RunWithInput("date\n", "shell", "--quiet", "--scenario", "day.yaml").Output, StringComparison.Ordinal);
        string fresh = _storagelab.RunWithInput("date\ndf -h\n", "shell", "--quiet", "--scenario", "day.yaml", "--fresh").Output;
        Assert.Contains("Dec 1", fresh, StringComparison.Ordinal);
        Assert.Contains(" 30G ", fresh, StringComparison.Ordinal);
    }

    [Fact]
    public void The_disk_is_drawn_with_letters_where_there_is_no_terminal()
    {
        string[] lines = _storagelab.RunWithInput("disk\n", "shell", "--driver", "loop-lvm").Output.Split('\n');
        Assert.StartsWith("the pool on the sparse file devicemapper/devicemapper/data: 100 GiB, drawn up to ", lines[0], StringComparison.Ordinal);
        Assert.Matches("^L+$", lines[1]);
        Assert.Contains(lines, line => line.EndsWith("  free", StringComparison.Ordinal));
    }

    [Fact]
    public void Plot_replays_the_session_on_all_drivers()
    {
        _ = _storagelab.RunWithInput("sleep 5\nplot out\n", "shell", "--driver", "loop-lvm");
        string[] rows = File.ReadAllLines(Path.Combine(_storagelab.Folder, "out/samples.csv"));
        // Four drivers with a row for the daemon's start and one for the wait.
        Assert.Equal(1 + (4 * 2), rows.Length);
    }
}
