using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using StorageLab.Model.Drivers;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Verbs;

/// <summary>The options that every verb takes which replays something on drivers.</summary>
internal sealed class RunSettings
{
    private readonly Option<string[]> _drivers = new("--driver") { Description = "Only this driver or variant; may be given several times.", HelpName = "NAME" };

    private readonly Option<string[]> _options = new("--set") { Description = "A storage option by Docker's name, for every variant whose driver takes it.", HelpName = "KEY=VALUE" };

    private readonly Option<string[]> _varied = new("--vary")
    {
        Description = "A storage option with several values: a variant for each of them, and for each pair when given twice.",
        HelpName = "KEY=VALUE,VALUE",
    };

    private readonly Option<ulong?> _seed = new("--seed")
    {
        Description = "What random choices come from, instead of the scenario's seed.",
        HelpName = "N",
        CustomParser = result => ParseWhole<ulong>(result, "--seed", 0),
    };

    private readonly Option<string?> _folder = new("--out") { Description = "Folder for the results (default: reports/NAME below the current folder).", HelpName = "DIR" };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Variants replayed at once (default: the number of cores).",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
        CustomParser = result => ParseWhole(result, "--threads", 1),
    };

    private readonly Option<bool> _plain = new("--plain") { Description = "No colours or line drawing, progress as lines." };

    private readonly Option<bool> _json = new("--json") { Description = "Print the summary as JSON instead of the table." };

    private readonly Option<bool> _quiet = new("--quiet") { Description = "Print nothing but errors." };

    public RunSettings()
    {
        _drivers.CompletionSources.Add(_ => DriverNames.All.Select(name => new CompletionItem(name)));
        foreach (Option<string[]> option in (Option<string[]>[])[_options, _varied])
            option.CompletionSources.Add(_ => StorageOptionCatalog.All.Select(known => new CompletionItem(known.Name + "=")));
    }

    /// <summary>Adds what says which hosts are made: --driver, --set, --seed.</summary>
    public void AddHostsTo(Command command)
    {
        command.Add(_drivers);
        command.Add(_options);
        command.Add(_seed);
    }

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        command.Add(_varied);
        command.Add(_threads);
        AddForMeasuringTo(command);
    }

    /// <summary>Adds all of them but --vary and --threads: what is measured is measured one after the other, as it is.</summary>
    public void AddForMeasuringTo(Command command)
    {
        AddHostsTo(command);
        foreach (Option option in (Option[])[_folder, _plain, _json, _quiet])
            command.Add(option);
        command.Validators.Add(result =>
        {
            string[] modes = [.. new[] { _plain, _json, _quiet }.Where(o => result.GetResult(o) is not null).Select(o => o.Name)];
            if (modes.Length > 1)
                result.AddError($"{modes[0]} and {modes[1]} exclude each other");
        });
    }

    public ScenarioOverrides Overrides(ParseResult parsed) => new()
    {
        Seed = parsed.GetValue(_seed),
        Drivers = [.. parsed.GetValue(_drivers) ?? []],
        Options = [.. parsed.GetValue(_options) ?? []],
        VariedOptions = [.. parsed.GetValue(_varied) ?? []],
    };

    /// <summary>Name of the first given option of those that say which hosts are made; null where none is given.</summary>
    public string? FirstGiven(CommandResult result) => new Option[] { _drivers, _options, _seed }.FirstOrDefault(option => result.GetResult(option) is not null)?.Name;

    /// <summary>Where results go when nobody says.</summary>
    public static string DefaultFolder(string name) => Path.Combine("reports", FileNameOf(name));

    public bool HasDrivers(ParseResult parsed) => parsed.GetValue(_drivers) is { Length: > 0 };

    /// <param name="name">Names the folder of results where none is given.</param>
    public RunOptions Options(ParseResult parsed, string name)
    {
        OutputMode mode = parsed.GetValue(_quiet) ? OutputMode.Quiet
            : parsed.GetValue(_json) ? OutputMode.Json
            : parsed.GetValue(_plain) ? OutputMode.Plain : OutputMode.Rich;
        return new RunOptions(parsed.GetValue(_folder) ?? DefaultFolder(name), parsed.GetValue(_threads), mode);
    }

    private static T ParseWhole<T>(ArgumentResult result, string option, T lowest)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out T number) && number >= lowest)
            return number;
        result.AddError($"{option} is '{text}'; it must be a whole number, at least {lowest} and at most {T.MaxValue}");
        return default;
    }

    /// <summary>A name as a file's or folder's: what a path could read otherwise becomes a dash.</summary>
    internal static string FileNameOf(string name)
    {
        string safe = string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));
        return safe.Trim('.') is { Length: > 0 } usable ? usable : "run";
    }
}
