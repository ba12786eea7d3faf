using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.Drivers;

/// <summary>What happens on a host while time passes.</summary>
public sealed class BackgroundWorkTests
{
    private const long Second = 1_000_000_000;

    private readonly NameTable _names = new();

    /// <summary>Recorded on Linux 6.1 with Docker 20.10.24: run Q3-loop-lvm held 1,261 blocks after a container's start and 1,263 half a minute later,
    /// without anything being done to it.</summary>
    [Fact]
    public void A_container_that_does_nothing_takes_blocks_when_the_log_worker_writes_its_metadata_home()
    {
        HostMachine host = HostMachine.Install(TestHosts.Host(), _names);
        IGraphDriver driver = DriverKinds.Of(DriverNames.LoopLvm).Build(host, StorageOptions.Default(DriverNames.LoopLvm));
        DockerEngine engine = new(host, driver, seed: 1);
        Assert.True(engine.Load(TestHosts.Image(_names, "a:1", ["bin/", "bin/sh=1000", "etc/", "etc/passwd=30"])).IsOk);
        Assert.True(engine.CreateContainer("a:1", "c1", out Container? container).IsOk);
        Assert.True(engine.Start(container!).IsOk);
        driver.Sync();
        long started = UsedBlocks(driver);

        host.PassTimeUntil(host.Clock.NowNanoseconds + (29 * Second));
        driver.Sync();
        Assert.Equal(started, UsedBlocks(driver));
        host.PassTimeUntil(host.Clock.NowNanoseconds + (2 * Second));
        driver.Sync();
        Assert.InRange(UsedBlocks(driver), started + 1, started + 4);
    }

    [Fact]
    public void An_idle_log_is_covered_twice_and_then_left_alone()
    {
        HostMachine host = HostMachine.Install(TestHosts.Host(), _names);
        Assert.Equal(FsStatus.Ok, host.Root.WriteFile("run/file", 100));
        host.FileSystem.Sync();
        long[] written = new long[5];
        for (var run = 0; run < written.Length; run++)
        {
            long before = host.Disk.Counters.WriteBytes;
            host.PassTimeUntil(host.Clock.NowNanoseconds + (30 * Second));
            written[run] = host.Disk.Counters.WriteBytes - before;
        }

        // Home; then twice a log record and the superblock, a sector each.
        Assert.True(written[0] > 1024);
        Assert.Equal([1024, 1024, 0, 0], written[1..]);
    }

    [Fact]
    public void File_systems_are_served_in_the_order_they_fall_due()
    {
        HostMachine host = HostMachine.Install(TestHosts.Host(), _names);
        IGraphDriver driver = DriverKinds.Of(DriverNames.LoopLvm).Build(host, StorageOptions.Default(DriverNames.LoopLvm));
        host.PassTimeUntil(10 * Second);
        Assert.True(driver.Create("layer", null).IsOk);
        Assert.True(driver.Get("layer", out _).IsOk);
        driver.Sync();
        long mounted = UsedBlocks(driver);
        host.PassTimeUntil(35 * Second);
        driver.Sync();
        Assert.Equal(mounted, UsedBlocks(driver));
        host.PassTimeUntil(41 * Second);
        driver.Sync();
        long home = UsedBlocks(driver);
        Assert.True(home > mounted);
        Assert.True(driver.Put("layer").IsOk);
        host.PassTimeUntil(200 * Second);
        driver.CheckInvariants();
    }

    private static long UsedBlocks(IGraphDriver driver) => ((DevicemapperDriver)driver).Pool.DataUsedBlockCount;
}
