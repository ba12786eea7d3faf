using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Text;

namespace StorageLab.Scenarios.Hosts;

/// <summary>Applies what the command line says to a scenario's variants.</summary>
internal static class OverrideReader
{
    /// <summary>Curves that a plot can show apart.</summary>
    private const int VariantCountMax = 16;

    /// <exception cref="InputException">An unknown driver, option or value; every problem is in it.</exception>
    public static ImmutableArray<VariantSpec> Apply(ImmutableArray<VariantSpec> variants, ScenarioOverrides overrides, VariantReader reader)
    {
        List<InputProblem> problems = [];
        variants = Select(variants, overrides.Drivers, reader, problems);
        variants = Set(variants, overrides.Options, problems);
        variants = Vary(variants, overrides.VariedOptions, problems);
        return problems.Count == 0 ? variants : throw new InputException(problems);
    }

    private static ImmutableArray<VariantSpec> Select(
        ImmutableArray<VariantSpec> variants, ImmutableArray<string> drivers, VariantReader reader, List<InputProblem> problems)
    {
        if (drivers.IsEmpty)
            return variants;
        List<VariantSpec> chosen = [];
        foreach (string driver in drivers.Distinct())
        {
            VariantSpec[] found = [.. variants.Where(variant => variant.Name == driver || variant.Driver == driver)];
            if (found.Length > 0)
                chosen.AddRange(found.Except(chosen));
            else if (DriverNames.All.Contains(driver))
                chosen.Add(reader.Default(driver));
            else
                problems.Add(new InputProblem("--driver", 0, 0, UnknownDriver(driver, variants)));
        }

        return [.. chosen];
    }

    private static string UnknownDriver(string driver, ImmutableArray<VariantSpec> variants)
    {
        string[] known = [.. DriverNames.All.Concat(variants.Select(variant => variant.Name)).Distinct()];
        return $"unknown driver '{LayerLimits.Shown(driver)}'; {Steps.SettingMap.Hint(driver, known)}";
    }

    private static ImmutableArray<VariantSpec> Set(ImmutableArray<VariantSpec> variants, ImmutableArray<string> options, List<InputProblem> problems)
    {
        foreach (string option in options)
        {
            string[] parts = option.Split('=', 2);
            string name = parts[0].ToLowerInvariant();
            if (parts.Length != 2)
                problems.Add(new InputProblem("--set", 0, 0, $"'{LayerLimits.Shown(option)}' is not name=value, e.g. dm.blkdiscard=false"));
            else if (StorageOptionCatalog.Find(name) is not { } known)
                problems.Add(new InputProblem("--set", 0, 0, UnknownOption(name)));
            else if (!variants.Any(variant => known.Drivers.Contains(variant.Driver)))
                problems.Add(new InputProblem("--set", 0, 0, $"{name} is an option of {string.Join(" and ", known.Drivers)}, and none of them is run"));
            else
                variants = [.. variants.Select(variant => known.Drivers.Contains(variant.Driver) ? WithOption(variant, name, parts[1]) : variant)];
        }

        foreach (VariantSpec variant in variants)
        {
            StorageOptions.Parse(variant.Driver, variant.Options, out ImmutableArray<StorageOptionProblem> found);
            problems.AddRange(found.Select(problem => new InputProblem("--set", 0, 0, problem.Message)).Except(problems));
        }

        return options.IsEmpty ? variants : WithoutTwins(variants);
    }

    private static ImmutableArray<VariantSpec> Vary(ImmutableArray<VariantSpec> variants, ImmutableArray<string> varied, List<InputProblem> problems)
    {
        foreach (string option in varied)
        {
            string[] parts = option.Split('=', 2);
            string[] values = parts.Length == 2 ? parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
            string name = parts[0].ToLowerInvariant();
            if (values.Length == 0)
                problems.Add(new InputProblem("--vary", 0, 0, $"'{LayerLimits.Shown(option)}' is not name=value,value,…, e.g. dm.blocksize=64K,128K,512K"));
            else if (StorageOptionCatalog.Find(name) is not { } known)
                problems.Add(new InputProblem("--vary", 0, 0, UnknownOption(name)));
            else if (!variants.Any(variant => known.Drivers.Contains(variant.Driver)))
                problems.Add(new InputProblem("--vary", 0, 0, $"{name} is an option of {string.Join(" and ", known.Drivers)}, and none of them is run"));
            else
                variants = [.. variants.SelectMany(variant => known.Drivers.Contains(variant.Driver) ? values.Select(value => WithOption(variant, name, value)) : [variant])];
        }

        if (varied.IsEmpty)
            return variants;
        variants = WithoutTwins(variants);
        if (variants.Length > VariantCountMax)
            problems.Add(new InputProblem("--vary", 0, 0, $"makes {variants.Length} variants; at most {VariantCountMax} are told apart in a plot: leave some out, or choose with --driver"));
        foreach (VariantSpec variant in variants)
        {
            StorageOptions.Parse(variant.Driver, variant.Options, out ImmutableArray<StorageOptionProblem> found);
            problems.AddRange(found.Select(problem => new InputProblem("--vary", 0, 0, problem.Message)).Except(problems));
        }

        return variants;
    }

    private static VariantSpec WithOption(VariantSpec variant, string name, string value)
    {
        ImmutableSortedDictionary<string, string> options = variant.Options.SetItem(name, value);
        string label = VariantReader.LabelOf(variant.Driver, variant.Options);
        return variant with
        {
            Name = variant.Name.StartsWith(label, StringComparison.Ordinal)
                ? VariantReader.LabelOf(variant.Driver, options) + variant.Name[label.Length..]
                : $"{variant.Name} {name}={value}",
            Options = options,
        };
    }

    // Two variants that differed only in the option that was set are one curve now.
    private static ImmutableArray<VariantSpec> WithoutTwins(ImmutableArray<VariantSpec> variants) =>
        [.. variants.DistinctBy(variant => (variant.Driver, variant.Host.Name, VariantReader.LabelOf("", variant.Options)))];

    private static string UnknownOption(string name) =>
        $"unknown storage option '{LayerLimits.Shown(name)}'; "
        + (NearestWord.Find(name, StorageOptionCatalog.All.Select(option => option.Name)) is { } nearest
            ? $"did you mean {nearest}?"
            : $"there are {string.Join(", ", StorageOptionCatalog.All.Select(option => option.Name))}");
}
