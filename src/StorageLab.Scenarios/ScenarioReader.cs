using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Hosts;
using StorageLab.Scenarios.Steps;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios;

/// <summary>Reads scenarios: YAML in, what to replay out.</summary>
/// <remarks>Every problem of a file is reported at once, with its place. A scenario that was read holds no open file, and its steps are
/// the same at every
/// enumeration, from any thread.</remarks>
public sealed class ScenarioReader(ScenarioLibrary library)
{
    private const ulong SeedDefault = 1;

    internal static ImmutableArray<Setting> Settings { get; } =
    [
        new("title", SettingKind.Text, "one line for tables and plots", true),
        new("description", SettingKind.Prose, "what it shows and why it matters"),
        new("seed", SettingKind.Count, "what random choices come from; 1 when not given"),
        new("images", SettingKind.TextList, "your own images: docker save archives, OCI layouts as a folder or a tar; relative to this file"),
        new("hosts", SettingKind.Hosts, "the machines by name; one with kernel 6.1, 200 GiB of sata-ssd and xfs when not given"),
        new("drivers", SettingKind.Drivers, "what is compared; loop-lvm with and without discards, direct-lvm and overlay2 when not given"),
        new("steps", SettingKind.Steps, "what is done, in order", true),
    ];

    /// <summary>Reads a scenario by its shipped name, or a file.</summary>
    /// <exception cref="InputException">There is no such scenario, or something in it is wrong; every problem is in it.</exception>
    public Scenario Read(string nameOrPath, ScenarioOverrides overrides)
    {
        string path = library.FindScenario(nameOrPath);
        return Parse(InputFile.ReadText(path), path, overrides);
    }

    /// <summary>Reads a scenario's text; <paramref name="path"/> names it in messages and is what its own files are relative to.</summary>
    /// <exception cref="InputException">Something in it is wrong; every problem is in it.</exception>
    public Scenario Parse(string text, string path, ScenarioOverrides overrides)
    {
        ProblemList problems = new(path);
        YamlNode? root = YamlTreeReader.Read(text, problems);
        problems.ThrowIfAny();

        NameTable names = new();
        string baseFolder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        ImageShelf shelf = new(ImageCatalog.Open(library.CatalogFolder, names), names);
        StepContext context = new(problems, names, shelf.Find);
        SettingMap settings = new(root!, "a scenario", Settings, LoopVariables.None, context);
        shelf.AddArchives(settings, baseFolder);

        ReplayScope scope = new(0);
        ImmutableArray<HostSpec> hosts = new HostReader(context, library, baseFolder).Read(settings.Find("hosts"));
        VariantReader variants = new(context, hosts);
        ImmutableArray<VariantSpec> declared = variants.Read(settings.Find("drivers"));
        ulong seed = overrides.Seed ?? (ulong)settings.Count("seed", 0, long.MaxValue, (long)SeedDefault).Get(scope);
        StepSequence steps = new(ReadSteps(settings, context), seed);
        int stepCount = steps.Check(problems);
        Scenario scenario = new()
        {
            Name = Path.GetFileNameWithoutExtension(path),
            Title = settings.Text("title").Get(scope),
            Description = settings.Text("description").Get(scope).TrimEnd(),
            Seed = seed,
            Variants = declared,
            Names = names,
            StepCount = stepCount,
            Steps = steps,
        };
        problems.ThrowIfAny();
        return scenario with { Variants = OverrideReader.Apply(declared, overrides, variants) };
    }

    /// <summary>The hosts and drivers of a scenario that names none, without steps: where a script begins.</summary>
    /// <param name="name">The script's name.</param>
    /// <param name="title">One line for tables and plots.</param>
    /// <exception cref="InputException">An override names no driver or option.</exception>
    public Scenario Default(string name, string title, ScenarioOverrides overrides)
    {
        NameTable names = new();
        ImageShelf shelf = new(ImageCatalog.Open(library.CatalogFolder, names), names);
        StepContext context = new(new ProblemList(name), names, shelf.Find);
        VariantReader variants = new(context, new HostReader(context, library, library.Folder).Read(node: null));
        return new Scenario
        {
            Name = name,
            Title = title,
            Seed = overrides.Seed ?? SeedDefault,
            Variants = OverrideReader.Apply(variants.Read(node: null), overrides, variants),
            Names = names,
            StepCount = 0,
            Steps = [],
        };
    }

    private static ImmutableArray<StepNode> ReadSteps(SettingMap settings, StepContext context)
    {
        if (settings.Find("steps") is not { } node)
            return [];
        if (node is YamlList { Items.Count: 0 } or YamlText { IsNull: true })
            context.Problems.Add(node, "a scenario without steps does nothing; begin with pull: debian:12");
        return new StepReader(context).ReadList(node, LoopVariables.None);
    }
}
