using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using Xunit;

namespace StorageLab.Model.Tests.Drivers;

/// <summary>What a thin device leaves behind that is held open when Docker deletes it.</summary>
public sealed class DeferredDeletionTests
{
    private readonly NameTable _names = new();
    private int _layerCount;

    /// <summary>Recorded run S2-loop-lvm-hostext4, steps 39 and 47 beside the same steps of S2-loop-lvm: per device left behind one inode and one block
    /// of metadata more, and not a block of data.</summary>
    [Theory]
    [InlineData(DriverNames.LoopLvm)]
    [InlineData(DriverNames.DirectLvm)]
    public void A_held_device_leaves_its_file_and_an_empty_tree_until_it_is_let_go(string driverName)
    {
        IGraphDriver driver = Build(driverName, out HostMachine host);
        Sample before = MakeAndRemoveLayer(driver, host);

        host.HeldDeviceCount = 1;
        Sample held = MakeAndRemoveLayer(driver, host);
        Assert.Equal(before.PoolDataUsedBlocks, held.PoolDataUsedBlocks);
        Assert.Equal(before.PoolMetadataUsedBlocks + 1, held.PoolMetadataUsedBlocks);
        Assert.Equal(before.ThinDeviceCount + 1, held.ThinDeviceCount);
        Assert.Equal(before.HostFsUsedInodes + 1, held.HostFsUsedInodes);

        // Only so many are held as the host says; the next deletion goes through.
        Assert.Equal(held.ThinDeviceCount, MakeAndRemoveLayer(driver, host).ThinDeviceCount);

        host.HeldDeviceCount = 0;
        Sample letGo = Observe(driver, host);
        Assert.Equal(before.PoolMetadataUsedBlocks, letGo.PoolMetadataUsedBlocks);
        Assert.Equal(before.ThinDeviceCount, letGo.ThinDeviceCount);
        Assert.Equal(before.HostFsUsedInodes, letGo.HostFsUsedInodes);
        driver.CheckInvariants();
    }

    [Fact]
    public void Without_deferred_deletion_Docker_waits_until_the_device_is_let_go()
    {
        IGraphDriver driver = Build(DriverNames.LoopLvm, out HostMachine host, ("dm.use_deferred_deletion", "false"));
        Sample before = MakeAndRemoveLayer(driver, host);
        host.HeldDeviceCount = 1;
        Assert.Equal(before.ThinDeviceCount, MakeAndRemoveLayer(driver, host).ThinDeviceCount);
    }

    private IGraphDriver Build(string driverName, out HostMachine host, params (string Key, string Value)[] options)
    {
        VariantSpec variant = TestHosts.Variant(driverName, options: options);
        host = HostMachine.Install(variant.Host, _names);
        return DriverKinds.Of(driverName).Build(host, StorageOptions.Parse(driverName, variant.Options, out _));
    }

    private Sample MakeAndRemoveLayer(IGraphDriver driver, HostMachine host)
    {
        string id = $"layer{_layerCount++}";
        Assert.True(driver.Create(id, null).IsOk);
        Assert.True(driver.ApplyDiff(id, TestHosts.Layer(_names, "etc/", "etc/passwd=100", "big=3000000")).IsOk);
        Assert.True(driver.Remove(id).IsOk);
        return Observe(driver, host);
    }

    private static Sample Observe(IGraphDriver driver, HostMachine host)
    {
        driver.Sync();
        return driver.Observe(Samples.Empty with { HostFsUsedInodes = host.FileSystem.Usage.UsedInodeCount });
    }
}
