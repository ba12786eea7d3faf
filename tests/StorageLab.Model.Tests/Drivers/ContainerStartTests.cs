using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using Xunit;

namespace StorageLab.Model.Tests.Drivers;

/// <summary>What a container costs that does nothing: its start reads files, and reading sets times.</summary>
public sealed class ContainerStartTests
{
    private readonly NameTable _names = new();

    /// <summary>Recorded run S7-1-direct-lvm, steps 6 and 8: removing a container that only slept wrote 1,278,976 bytes. Unmounting writes home the inode
    /// clusters of its program and of passwd and group, for which two blocks of 512 KiB are copied.</summary>
    [Fact]
    public void Removing_an_idle_container_writes_home_the_times_of_what_its_start_has_read()
    {
        HostMachine host = HostMachine.Install(TestHosts.Host() with { DiskMaximumIoBytes = 255 * 512 }, _names);
        IGraphDriver driver = DriverKinds.Of(DriverNames.DirectLvm).Build(host, StorageOptions.Default(DriverNames.DirectLvm));
        DockerEngine engine = new(host, driver, seed: 1);
        ImageDefinition image = TestHosts.Image(_names, "a:1", ["bin/", "bin/sh=1982256", "etc/", "etc/passwd=30", "etc/group=10", "usr/", "usr/data=100000"]);
        Assert.True(engine.Load(image).IsOk);
        Assert.True(engine.CreateContainer("a:1", "idle", out Container? container).IsOk);
        Assert.True(engine.Start(container!).IsOk);
        driver.Sync();

        long before = driver.CountersAt(Floor.DataDevice)!.Value.WriteBytes;
        Assert.True(engine.RemoveContainer("idle", force: true).IsOk);
        driver.Sync();
        Assert.Equal(1_278_976, driver.CountersAt(Floor.DataDevice)!.Value.WriteBytes - before);
    }

    /// <summary>A recording of the scenario S4 on loop-lvm, step 18: the kernel's log shows three containers mounted and unmounted again while the next daemon
    /// started, and the pool's search for free blocks went on where it had been.</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 2 << 20)]
    public void A_daemon_that_had_to_leave_its_containers_mounts_them_once_more(bool isForced, long leastBytes)
    {
        HostMachine host = HostMachine.Install(TestHosts.Host(), _names);
        IGraphDriver driver = DriverKinds.Of(DriverNames.LoopLvm).Build(host, StorageOptions.Default(DriverNames.LoopLvm));
        DockerEngine engine = new(host, driver, seed: 1);
        Assert.True(engine.Load(TestHosts.Image(_names, "a:1", ["bin/", "bin/sh=1000"])).IsOk);
        Assert.True(engine.CreateContainer("a:1", "running", out Container? container).IsOk);
        Assert.True(engine.CreateContainer("a:1", "created", out _).IsOk);
        Assert.True(engine.Start(container!).IsOk);
        driver.Sync();

        host.IsShutdownForced = isForced;
        long before = driver.CountersAt(Floor.DataDevice)!.Value.WriteBytes;
        Assert.True(engine.Restart().IsOk);

        // A mount wipes 2 MiB of the log; what is below that is the unmounting.
        long writtenBytes = driver.CountersAt(Floor.DataDevice)!.Value.WriteBytes - before;
        Assert.InRange(writtenBytes, leastBytes, leastBytes + (1 << 20));
        Assert.False(container!.IsRunning);
    }

    [Fact]
    public void An_overlay_sets_no_times_in_lower_directories()
    {
        HostMachine host = HostMachine.Install(TestHosts.Host(), _names);
        IGraphDriver driver = DriverKinds.Of(DriverNames.Overlay2).Build(host, StorageOptions.Default(DriverNames.Overlay2));
        Assert.True(driver.Create("lower", null).IsOk);
        Assert.True(driver.ApplyDiff("lower", TestHosts.Layer(_names, "etc/", "etc/passwd=30")).IsOk);
        Assert.True(driver.CreateReadWrite("upper", "lower").IsOk);
        Assert.True(driver.Get("upper", out IMountedTree? tree).IsOk);
        Assert.True(tree!.OpenForWriting([_names.Intern("own")], truncate: true, out _) == FsStatus.Ok);
        driver.Sync();

        Assert.Equal(0, WritesOf(driver, () => tree.NoteRead([_names.Intern("etc"), _names.Intern("passwd")])));
        Assert.NotEqual(0, WritesOf(driver, () => tree.NoteRead([_names.Intern("own")])));
    }

    private static long WritesOf(IGraphDriver driver, Action action)
    {
        long before = driver.CountersAt(Floor.Disk)!.Value.WriteBytes;
        action();
        driver.Sync();
        return driver.CountersAt(Floor.Disk)!.Value.WriteBytes - before;
    }
}
