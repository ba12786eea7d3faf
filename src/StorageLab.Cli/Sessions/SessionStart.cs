using System.CommandLine;
using System.CommandLine.Completions;
using StorageLab.Cli.Verbs;
using StorageLab.Model.Drivers;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;
using StorageLab.Shell.Docker;

namespace StorageLab.Cli.Sessions;

/// <summary>Where a shell or a script begins: fresh hosts, a scenario's hosts, or a scenario's hosts as its steps leave them.</summary>
internal sealed class SessionStart
{
    private readonly Option<string?> _scenario = new("--scenario")
    {
        Description = "Begin where this scenario ends: on its hosts and drivers, behind its steps (a shipped scenario's name or a file).",
        HelpName = "SCENARIO",
    };

    private readonly Option<bool> _fresh = new("--fresh") { Description = "With --scenario: its hosts and drivers only, none of its steps done." };

    private readonly RunSettings _settings;

    public SessionStart(RunSettings settings)
    {
        _settings = settings;
        _scenario.CompletionSources.Add(_ => ScenarioLibrary.Shipped.ScenarioNames.Select(name => new CompletionItem(name)));
    }

    public void AddTo(Command command)
    {
        command.Add(_scenario);
        command.Add(_fresh);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_fresh) is not null && result.GetResult(_scenario) is null)
                result.AddError("--fresh needs --scenario");
        });
    }

    /// <summary>Hosts, drivers and the steps that come first.</summary>
    /// <param name="name">What the run is called.</param>
    /// <param name="title">One line for tables and plots.</param>
    /// <param name="allDrivers">Also those that were not asked for.</param>
    /// <exception cref="InputException">The scenario cannot be read, or an override names nothing.</exception>
    public Scenario Read(ParseResult parsed, string name, string title, bool allDrivers = false)
    {
        ScenarioReader reader = new(ScenarioLibrary.Shipped);
        ScenarioOverrides overrides = _settings.Overrides(parsed);
        if (allDrivers)
            overrides = overrides with { Drivers = [] };
        Scenario scenario = parsed.GetValue(_scenario) is { } file
            ? reader.Read(file, overrides) with { Name = name, Title = title }
            : reader.Default(name, title, overrides);
        if (parsed.GetValue(_fresh))
            scenario = scenario with { Steps = [], StepCount = 0 };
        return scenario with { IsOpenEnded = true };
    }

    /// <summary>What sessions of a scenario pull from; shared by all of them.</summary>
    public static IImageSource ImagesOf(Scenario scenario) =>
        new CatalogImageSource(ImageCatalog.Open(ScenarioLibrary.Shipped.CatalogFolder, scenario.Names), scenario.Names);

    /// <summary>Opens something on a host.</summary>
    /// <exception cref="InputException">The host cannot hold the driver.</exception>
    public static T Guard<T>(VariantSpec variant, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (ArgumentException e)
        {
            throw new InputException(variant.Name, e.Message.ReplaceLineEndings(" "));
        }
    }
}
