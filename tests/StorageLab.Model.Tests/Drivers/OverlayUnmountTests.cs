using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.Drivers;

public sealed class OverlayUnmountTests
{
    private readonly NameTable _names = new();

    /// <summary>Two flushes and a commit more for each of the two unmounts of a created container, one for that of a stopped one: dockerd 20.10.24 on
    /// Linux 6.1 under strace, against /sys/block/*/stat.</summary>
    [Theory]
    [InlineData("6.1", true)]
    [InlineData("3.10.0-1160.el7", false)]
    public void Unmounting_an_overlay_syncs_the_host_on_kernels_that_do_so(string kernel, bool isSynced)
    {
        VariantSpec variant = TestHosts.Variant(DriverNames.Overlay2, "xfs", kernel);
        HostMachine host = HostMachine.Install(variant.Host, _names);
        IGraphDriver driver = DriverKinds.Of(variant.Driver).Build(host, StorageOptions.Default(variant.Driver));
        Assert.True(driver.Create("layer", null).IsOk);
        Assert.True(driver.CreateReadWrite("container", "layer").IsOk);
        Assert.True(driver.Get("container", out IMountedTree? tree).IsOk);
        Assert.Equal(FsStatus.Ok, tree!.OpenForWriting([.. ContainerPath.Parse(_names, "/data").Components], truncate: true, out InodeId file));
        Assert.Equal(FsStatus.Ok, tree.FileSystem.Write(file, 0, 1 << 20));
        long before = host.Disk.Counters.WriteBytes;

        Assert.True(driver.Put("container").IsOk);

        Assert.Equal(isSynced, host.Disk.Counters.WriteBytes - before >= 1 << 20);
    }
}
