using System.Collections.Immutable;
using StorageLab.Scenarios.Recorded;
using Xunit;

namespace StorageLab.Scenarios.Tests;

public sealed class TrajectoryReaderTests : IDisposable
{
    private const string Header = "step,op,target,ok,error,start_s,wall_s,driver_status_json\n";

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    /// <summary>Row 15 of recorded run S1-loop-lvm, shortened.</summary>
    [Fact]
    public void A_row_says_when_its_step_happened_and_how_many_deleted_devices_were_held()
    {
        RecordedRow row = Read(Header + "0,rmi,node:1,1,,138.274,2.078,\"{\"\"Deferred Deleted Device Count\"\": \"\"1\"\"}\"\n")[0];
        Assert.Equal((138_274_000_000, 2_078_000_000, 1), (row.StartNanoseconds, row.WallNanoseconds, row.HeldDeviceCount));
    }

    /// <summary>Of two recordings of a restart the one whose daemon logged "Force shutdown daemon" counted three containers as running afterwards, and 0 the other.</summary>
    [Theory]
    [InlineData("restart_daemon", 3, true)]
    [InlineData("restart_daemon", 0, false)]
    [InlineData("nop", 3, false)]
    public void A_restart_that_leaves_containers_running_was_forced(string operation, int running, bool isForced)
    {
        RecordedRow row = Read($"step,op,target,ok,error,containers_running\n0,{operation},,1,,{running}\n")[0];
        Assert.Equal(isForced, row.IsShutdownForced);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"{\"\"error\"\": \"\"timed out\"\"}\"")]
    [InlineData("\"{\"\"Backing Filesystem\"\": \"\"xfs\"\"}\"")]
    public void A_driver_without_such_a_count_has_none_held(string status) =>
        Assert.Equal(0, Read($"{Header}0,nop,,1,,0,0,{status}\n")[0].HeldDeviceCount);

    [Theory]
    [InlineData("0,nop,,1,,soon,0,", "start_s is 'soon'; it is a number of seconds")]
    [InlineData("0,nop,,1,,0,-1,", "wall_s is '-1'; it is a number of seconds")]
    [InlineData("0,nop,,1,,1e99,0,", "start_s is '1e99'; it is a number of seconds")]
    [InlineData("0,nop,,1,,0,0,[1]", "driver_status_json is not a JSON object")]
    [InlineData("0,nop,,1,,0,0,x", "driver_status_json is not a JSON object")]
    public void A_malformed_time_or_status_is_said_by_its_line(string row, string message)
    {
        InputProblem problem = Assert.Single(Assert.Throws<InputException>(() => Read(Header + row + "\n")).Problems);
        Assert.Equal((2, message), (problem.Line, problem.Message));
    }

    private ImmutableArray<RecordedRow> Read(string text)
    {
        File.WriteAllText(_path, text);
        return TrajectoryReader.Read(_path);
    }
}
