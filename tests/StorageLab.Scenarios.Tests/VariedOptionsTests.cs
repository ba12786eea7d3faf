using StorageLab.Model.Replay;
using Xunit;

namespace StorageLab.Scenarios.Tests;

public sealed class VariedOptionsTests
{
    private const string Text = """
        title: t
        drivers: [loop-lvm, overlay2]
        steps: [pull: busybox:1.35]
        """;

    [Fact]
    public void A_varied_option_makes_a_variant_for_each_of_its_values_and_leaves_other_drivers_alone()
    {
        Scenario scenario = ScenarioText.Read(Text, new ScenarioOverrides { VariedOptions = ["dm.blocksize=64K,512K"] });
        Assert.Equal(["loop-lvm dm.blocksize=64K", "loop-lvm dm.blocksize=512K", "overlay2"], scenario.Variants.Select(variant => variant.Name));
        Assert.Equal(["64K", "512K"], scenario.Variants.Take(2).Select(variant => variant.Options["dm.blocksize"]));
    }

    [Fact]
    public void Two_varied_options_make_a_variant_for_each_pair()
    {
        Scenario scenario = ScenarioText.Read(Text, new ScenarioOverrides { Drivers = ["loop-lvm"], VariedOptions = ["dm.blkdiscard=true,false", "dm.blocksize=64K,512K"] });
        Assert.Equal(4, scenario.Variants.Select(variant => variant.Name).Distinct().Count());
    }
}
