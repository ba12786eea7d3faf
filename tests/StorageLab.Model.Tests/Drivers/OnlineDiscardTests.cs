using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using Xunit;

namespace StorageLab.Model.Tests.Drivers;

/// <summary>dm.mountopt=discard: what a container deletes goes back to the pool, and on loop-lvm to the host's file, without an fstrim.</summary>
public sealed class OnlineDiscardTests
{
    private const long FileBytes = 32L << 20;

    private readonly NameTable _names = new();

    [Theory]
    [InlineData("xfs", "discard", true)]
    [InlineData("ext4", "noatime,discard", true)]
    [InlineData("xfs", "noatime", false)]
    [InlineData("ext4", "discard,nodiscard", false)]
    public void A_file_deleted_in_a_container_is_given_back_where_the_mount_discards(string fileSystem, string mountOptions, bool isGivenBack)
    {
        VariantSpec variant = TestHosts.Variant(
            DriverNames.LoopLvm, "xfs", "6.1", ("dm.fs", fileSystem), ("dm.mountopt", mountOptions), ("dm.basesize", "1G"));
        ContainerPath path = ContainerPath.Parse(_names, "/data");
        Step[] steps =
        [
            new Step.Pull(TestHosts.Image(_names, "a:1", ["bin/", "bin/sh=70000"])),
            new Step.Run("a:1", "box"),
            new Step.Write("box", [new ContainerOperation.Create(path, FileBytes, 1 << 20, FsyncPolicy.End)]),
            new Step.Write("box", [new ContainerOperation.Delete(path)]),
        ];
        Scenario scenario = new() { Name = "t", Title = "t", Seed = 1, Variants = [variant], Names = _names, StepCount = steps.Length, Steps = steps };
        Sample[] samples = [.. new Replayer(scenario, variant).Run(TestContext.Current.CancellationToken)];

        Assert.All(samples, sample => Assert.Equal("", sample.Error));
        long given = samples[^2].BackingAllocatedBytes - samples[^1].BackingAllocatedBytes;
        Assert.InRange(given, isGivenBack ? FileBytes * 9 / 10 : -FileBytes / 10, isGivenBack ? FileBytes : FileBytes / 10);
    }
}
