using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Scenarios.Steps;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Hosts;

/// <summary>Reads the drivers of a scenario, each with its options and its host.</summary>
internal sealed class VariantReader(StepContext context, ImmutableArray<HostSpec> hosts)
{
    /// <summary>More curves than a plot can show.</summary>
    public const int VariantCountMax = 64;

    private static readonly KeyValuePair<string, string> NoDiscard = new("dm.blkdiscard", "false");

    public static ImmutableArray<Setting> Settings { get; } =
    [
        new("driver", SettingKind.Choice, "loop-lvm, direct-lvm or overlay2", true) { Choices = DriverNames.All },
        new("name", SettingKind.Text, "label in tables and plots; driver and options when not given"),
        new("host", SettingKind.Name, "one of the scenario's hosts; the first when not given"),
        new("options", SettingKind.Options, "storage options by Docker's names, e.g. dm.blkdiscard: false"),
    ];

    /// <summary>The variants in the order of the file; four that show the differences when the scenario names none.</summary>
    public ImmutableArray<VariantSpec> Read(YamlNode? node)
    {
        if (hosts.IsEmpty)
            return [];
        if (node is null)
            return [Default(DriverNames.LoopLvm), Default(DriverNames.LoopLvm, NoDiscard), Default(DriverNames.DirectLvm), Default(DriverNames.Overlay2)];
        if (node is not YamlList { Items.Count: > 0 and <= VariantCountMax } list)
        {
            context.Problems.Add(node, $"drivers are a list of 1 to {VariantCountMax}, e.g. [loop-lvm, overlay2]");
            return [];
        }

        ImmutableArray<VariantSpec>.Builder variants = ImmutableArray.CreateBuilder<VariantSpec>();
        foreach (YamlNode item in list.Items)
        {
            if (ReadVariant(item) is not { } variant)
                continue;
            if (variants.Any(known => known.Name == variant.Name))
                context.Problems.Add(item, $"a driver named '{LayerLimits.Shown(variant.Name)}' stands above; give one of them another name");
            else
                variants.Add(variant);
        }

        return variants.ToImmutable();
    }

    /// <summary>A driver on the first host.</summary>
    public VariantSpec Default(string driver, params ReadOnlySpan<KeyValuePair<string, string>> options)
    {
        ImmutableSortedDictionary<string, string>.Builder given = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in options)
            given[name] = value;
        return Make(driver, hosts[0], given.ToImmutable());
    }

    private VariantSpec Make(string driver, HostSpec host, ImmutableSortedDictionary<string, string> options) => new()
    {
        Name = LabelOf(driver, options) + (hosts.Length > 1 ? $" on {host.Name}" : ""),
        Driver = driver,
        Host = host,
        Options = options,
    };

    internal static string LabelOf(string driver, ImmutableSortedDictionary<string, string> options) =>
        string.Join(' ', options.Select(option => $"{option.Key}={option.Value}").Prepend(driver));

    private VariantSpec? ReadVariant(YamlNode item)
    {
        YamlNode map = item is YamlText name
            ? new YamlMap(item.Line, item.Column, [new(new YamlText(item.Line, item.Column, "driver", true), name)])
            : item;
        SettingMap settings = new(map, "a driver", Settings, LoopVariables.None, context);
        ReplayScope scope = new(0);
        string driver = settings.Choice("driver", "", DriverNames.All).Get(scope);
        HostSpec host = settings.Read("host", hosts[0], HostOf).Get(scope);
        if (driver.Length == 0)
            return null;
        ImmutableSortedDictionary<string, string> options = ReadOptions(settings, driver);
        VariantSpec variant = Make(driver, host, options);
        if (settings.Has("name"))
            variant = variant with { Name = settings.Read("name", "", Label).Get(scope) };
        CheckHost(settings, variant);
        return settings.HasFailed ? null : variant;
    }

    private HostSpec HostOf(string name) => hosts.FirstOrDefault(known => known.Name == name) ?? throw new ValueException(
        $"there is no host '{LayerLimits.Shown(name)}'; {SettingMap.Hint(name, hosts.Select(known => known.Name))}");

    private static string Label(string text) => text.Length is > 0 and <= 60 && !text.Any(char.IsControl)
        ? text
        : throw new ValueException("a driver's name is a label of 1 to 60 characters");

    private static ImmutableSortedDictionary<string, string> ReadOptions(SettingMap settings, string driver)
    {
        ImmutableSortedDictionary<string, string>.Builder options = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (settings.Find("options") is not { } node)
            return options.ToImmutable();
        if (node is not YamlMap map)
        {
            settings.Fail(node, "options are a mapping of Docker's names to values, e.g. {dm.blkdiscard: false}");
            return options.ToImmutable();
        }

        Dictionary<string, (YamlText Name, YamlNode Value)> places = new(StringComparer.Ordinal);
        List<KeyValuePair<string, string>> given = [];
        foreach ((YamlText name, YamlNode value) in map.Entries)
        {
            places[name.Value] = (name, value);
            if (value is YamlText text)
                given.Add(new(name.Value, text.Value));
            else
                settings.Fail(value, $"{LayerLimits.Shown(name.Value)} is one value");
        }

        StorageOptions.Parse(driver, given, out ImmutableArray<StorageOptionProblem> problems);
        foreach (StorageOptionProblem problem in problems)
            settings.Fail(problem.IsName ? places[problem.Option].Name : places[problem.Option].Value, LayerLimits.ShownLine(problem.Message));
        foreach ((string name, string value) in given)
            options[name.ToLowerInvariant()] = value;
        return options.ToImmutable();
    }

    // moby v20.10.24, daemon/graphdriver/overlay2/overlay.go: quotas need xfs.
    private static void CheckHost(SettingMap settings, VariantSpec variant)
    {
        if (variant.Driver == DriverNames.Overlay2 && variant.Options.ContainsKey("overlay2.size") && variant.Host.FileSystem != "xfs")
        {
            settings.Fail(settings.Find("options")!,
                $"Storage Option overlay2.size only supported for backingFS XFS. Found {variant.Host.FileSystem}; choose a host with filesystem: xfs");
        }
    }
}
