using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Maps;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using Xunit;

namespace StorageLab.Model.Tests.Maps;

public sealed class DiskMapTests
{
    private readonly NameTable _names = new();

    [Fact]
    public void A_deleted_layers_blocks_stay_held_under_its_name_when_nothing_is_discarded()
    {
        DiskMap[] maps = Maps(TestHosts.Variant(DriverNames.LoopLvm, options: ("dm.blkdiscard", "false")));
        Assert.Equal(0, maps[1].BytesOf(BlockUse.Held));
        long heldBytes = maps[2].Runs.Where(run => run.Use == BlockUse.Held && maps[2].Owners[run.Owner] == "a:1, layer 1 of 1").Sum(run => run.LengthBytes);
        Assert.InRange(heldBytes, 30 << 20, 40 << 20);
    }

    [Fact]
    public void Nothing_is_held_where_Docker_discards()
    {
        DiskMap[] maps = Maps(TestHosts.Variant(DriverNames.LoopLvm));
        Assert.InRange(maps[2].BytesOf(BlockUse.Held), 0, 1 << 20);
    }

    [Fact]
    public void A_layer_of_overlay2_is_found_by_its_directory_and_gone_with_it()
    {
        DiskMap[] maps = Maps(TestHosts.Variant(DriverNames.Overlay2));
        Assert.Equal(30_000_000, maps[1].Runs.Where(run => maps[1].Owners[run.Owner] == "a:1, layer 1 of 1").Sum(run => run.LengthBytes), 100_000d);
        Assert.Equal(0, maps[2].BytesOf(BlockUse.Live));
    }

    /// <summary>Maps of a fresh host, with an image, and without it again.</summary>
    private DiskMap[] Maps(VariantSpec variant)
    {
        ImageDefinition image = TestHosts.Image(_names, "a:1", ["bin/", "bin/big=30000000"]);
        Scenario scenario = new()
        {
            Name = "maps",
            Title = "maps",
            Seed = 1,
            Variants = [variant],
            Names = _names,
            StepCount = 2,
            Steps = [new Step.Pull(image), new Step.RemoveImage("a:1", Force: false)],
        };
        Replayer replayer = new(scenario, variant);
        DiskMapper mapper = new(replayer.Host);
        return [.. replayer.Run(TestContext.Current.CancellationToken).Select((Sample _) => mapper.Read())];
    }
}
