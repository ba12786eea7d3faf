using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using Xunit;

namespace StorageLab.Model.Tests.Drivers;

public sealed class WorkPaceTests
{
    private readonly VirtualClock _clock = new();

    [Fact]
    public void Without_a_duration_work_takes_no_time()
    {
        WorkPace pace = new(_clock, _clock.AdvanceTo);
        pace.Plan(100);
        pace.Work(50);
        Assert.Equal(0, _clock.NowNanoseconds);
    }

    [Fact]
    public void A_steps_duration_is_spread_over_its_work_and_what_the_disk_takes_counts()
    {
        WorkPace pace = new(_clock, _clock.AdvanceTo);
        pace.BeginStep(endNanoseconds: 1000);
        pace.Plan(100);
        pace.Work(25);
        Assert.Equal(250, _clock.NowNanoseconds);
        _clock.Advance(150);
        pace.Work(50);
        Assert.Equal(800, _clock.NowNanoseconds);
        pace.Work(50);
        Assert.Equal(1000, _clock.NowNanoseconds);
        pace.Work(1);
        Assert.Equal(1000, _clock.NowNanoseconds);
    }
}
