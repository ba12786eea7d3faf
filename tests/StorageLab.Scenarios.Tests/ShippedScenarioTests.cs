using StorageLab.Model.Replay;
using Xunit;

namespace StorageLab.Scenarios.Tests;

public sealed class ShippedScenarioTests
{
    public static TheoryData<string> Names => [.. ScenarioLibrary.Shipped.ScenarioNames];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_shipped_scenario_is_read_and_yields_as_many_steps_as_it_counts(string name)
    {
        Scenario scenario = new ScenarioReader(ScenarioLibrary.Shipped).Read(name, ScenarioOverrides.None);

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {scenario.StepCount} steps");
        Assert.Equal(name, scenario.Name);
        Assert.Equal(scenario.StepCount, scenario.Steps.Count());
        Assert.NotEmpty(scenario.Description);
        Assert.NotEmpty(scenario.Variants);
    }
}
