using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;
using StorageLab.Scenarios.Recorded;

namespace StorageLab.Cli.Measuring;

/// <summary>Reads what is to be measured: a scenario by name or file, or the folder of a recorded run, whose steps are then done again.</summary>
internal static class MeasuredScenario
{
    private const string RunFile = "run.json";

    /// <exception cref="InputException">There is no such scenario or run, or something in it is wrong.</exception>
    public static Scenario Read(string nameOrPath, ScenarioOverrides overrides) =>
        File.Exists(Path.Combine(nameOrPath, RunFile))
            ? Apply(RecordedRunReader.Read(nameOrPath).Scenario, overrides)
            : new ScenarioReader(ScenarioLibrary.Shipped).Read(nameOrPath, overrides);

    /// <summary>The argument as it is understood from any folder.</summary>
    public static string FullName(string nameOrPath) =>
        ScenarioLibrary.Shipped.ScenarioNames.Contains(nameOrPath) ? nameOrPath : Path.GetFullPath(nameOrPath);

    /// <summary>Name of a variant's run: what a folder can be called.</summary>
    public static string RunId(Scenario scenario, VariantSpec variant)
    {
        string name = scenario.Name == variant.Name ? variant.Name : $"{scenario.Name}-{variant.Name}";
        return string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-'));
    }

    /// <summary>A recorded run has one driver; another one gets the same disk and its own defaults.</summary>
    private static Scenario Apply(Scenario recorded, ScenarioOverrides overrides)
    {
        VariantSpec own = recorded.Variants[0];
        IEnumerable<VariantSpec> variants = overrides.Drivers.IsDefaultOrEmpty
            ? [own]
            : overrides.Drivers.Select(driver => driver == own.Driver || driver == own.Name
                ? own
                : DriverNames.All.Contains(driver)
                    ? new VariantSpec { Name = $"{recorded.Name} on {driver}", Driver = driver, Host = own.Host }
                    : throw new InputException("--driver", $"'{driver}' is not known; it is {string.Join(", ", DriverNames.All)}"));
        return recorded with
        {
            Seed = overrides.Seed ?? recorded.Seed,
            Variants = [.. variants.Select(variant => overrides.Options.IsDefaultOrEmpty ? variant : variant with { Options = Apply(variant, overrides.Options) })],
        };
    }

    private static ImmutableSortedDictionary<string, string> Apply(VariantSpec variant, ImmutableArray<string> options)
    {
        ImmutableSortedDictionary<string, string> applied = variant.Options;
        foreach (string option in options)
        {
            if (option.Split('=', 2) is not [var key, var value])
                throw new InputException("--set", $"'{option}' is not an option; one is written KEY=VALUE");
            applied = applied.SetItem(key, value);
        }

        StorageOptions.Parse(variant.Driver, applied, out ImmutableArray<StorageOptionProblem> problems);
        return problems.IsEmpty ? applied : throw new InputException("--set", problems[0].Message);
    }
}
