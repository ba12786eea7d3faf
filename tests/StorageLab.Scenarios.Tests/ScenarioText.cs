using StorageLab.Model.Replay;

namespace StorageLab.Scenarios.Tests;

/// <summary>Reads scenarios from strings, as a file named test.yaml in the folder of the tests.</summary>
internal static class ScenarioText
{
    public static Scenario Read(string text, ScenarioOverrides? overrides = null) =>
        new ScenarioReader(ScenarioLibrary.Shipped).Parse(text, "test.yaml", overrides ?? ScenarioOverrides.None);

    public static Scenario WithSteps(string steps) => Read($"title: T\nsteps:\n{steps}\n");

    /// <summary>The problems as they are printed, in order.</summary>
    public static string[] ProblemsOf(string text, ScenarioOverrides? overrides = null)
    {
        try
        {
            Read(text, overrides);
            return [];
        }
        catch (InputException e)
        {
            return [.. e.Problems.Select(problem => problem.ToString())];
        }
    }

    /// <summary>Problems of steps that begin at line 3.</summary>
    public static string[] ProblemsOfSteps(string steps) => ProblemsOf($"title: T\nsteps:\n{steps}\n");
}
