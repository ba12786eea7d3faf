using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;
using StorageLab.Model.Text;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab model</c>: every number that decides what the model does, with its unit and its source.</summary>
internal static class ModelVerb
{
    private static readonly ImmutableArray<string> PartNames = [.. Enum.GetValues<ModelPart>().Select(ModelParts.NameOf)];

    public static Command Build()
    {
        Argument<string?> filter = new("WHAT")
        {
            Description = "Only one part of the model, or constants whose name, meaning or source holds this.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "WHAT",
        };
        filter.CompletionSources.Add(_ => PartNames.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        Option<bool> json = new("--json") { Description = "Print them as JSON." };
        Command command = new("model", "Print every constant of the model with its unit and source.") { filter, json };
        command.SetAction(parsed => Print(parsed.GetValue(filter), parsed.GetValue(json)));
        return command;
    }

    private static int Print(string? filter, bool isJson)
    {
        ModelDocumentation documentation = ModelDocumentation.Load();
        ImmutableArray<(ModelConstant Constant, string Meaning)> all =
            [.. Profiles().Concat(ModelConstants.All).Select(constant => (constant, documentation.MeaningOf(constant.DocumentationId)))];
        ImmutableArray<(ModelConstant Constant, string Meaning)> chosen = filter is null
            ? all
            : [.. all.Where(entry => IsChosen(entry.Constant, entry.Meaning, filter))];
        if (chosen.IsEmpty)
        {
            string hint = NearestWord.Find(filter!, PartNames) is { } nearest ? $"did you mean {nearest}?" : $"the parts are {string.Join(", ", PartNames)}";
            Terminal.Complain($"no constant is about '{filter}'; {hint}");
            return ExitCode.BadInput;
        }

        if (isJson)
            JsonOutput.Print(json => WriteJson(json, chosen));
        else
            PrintTables(chosen);
        return ExitCode.Ok;
    }

    private static bool IsChosen(ModelConstant constant, string meaning, string filter) => PartNames.Contains(filter)
        ? ModelParts.NameOf(constant.Part) == filter
        : constant.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)
            || meaning.Contains(filter, StringComparison.OrdinalIgnoreCase)
            || constant.Source.Contains(filter, StringComparison.OrdinalIgnoreCase);

    private static void PrintTables(ImmutableArray<(ModelConstant Constant, string Meaning)> chosen)
    {
        int width = Console.IsOutputRedirected ? 0 : Terminal.Output.Profile.Width;
        foreach (IGrouping<ModelPart, (ModelConstant Constant, string Meaning)> part in chosen.GroupBy(entry => entry.Constant.Part).OrderBy(group => group.Key))
        {
            Console.Out.WriteLine($"{ModelParts.NameOf(part.Key)}: {ModelParts.DescriptionOf(part.Key)}");
            TextTable table = new(["", "", "", ""], 1);
            foreach ((ModelConstant constant, string meaning) in part)
                table.Add(constant.Name, ValueText(constant), constant.Unit, $"{meaning} [{constant.Source}]".TrimStart());
            table.Print(Console.Out, indent: 2, width);
            Console.Out.WriteLine();
        }
    }

    private static string ValueText(ModelConstant constant) =>
        long.TryParse(constant.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number.ToString("#,0", CultureInfo.InvariantCulture)
            : constant.Value;

    private static void WriteJson(Utf8JsonWriter json, ImmutableArray<(ModelConstant Constant, string Meaning)> chosen)
    {
        json.WriteStartArray();
        foreach ((ModelConstant constant, string meaning) in chosen)
        {
            json.WriteStartObject();
            json.WriteString("part", ModelParts.NameOf(constant.Part));
            json.WriteString("name", constant.Name);
            if (long.TryParse(constant.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
                json.WriteNumber("value", number);
            else
                json.WriteString("value", constant.Value);
            json.WriteString("unit", constant.Unit);
            json.WriteString("meaning", meaning);
            json.WriteString("source", constant.Source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>How fast the shipped disks are: files, so that users can add their own, but constants of the model all the same.</summary>
    private static IEnumerable<ModelConstant> Profiles()
    {
        foreach (string name in ScenarioLibrary.Shipped.ProfileNames)
        {
            DiskProfile profile = DeviceProfileReader.Read(Path.Combine(ScenarioLibrary.Shipped.Folder, "profiles", name + ".yaml"));
            foreach (PropertyInfo property in typeof(DiskProfile).GetProperties().Where(property => property.PropertyType != typeof(string)))
            {
                string unit = property.Name.EndsWith("BytesPerSecond", StringComparison.Ordinal) ? "bytes/s"
                    : property.Name.EndsWith("Nanoseconds", StringComparison.Ordinal) ? "nanoseconds" : "requests";
                yield return new ModelConstant(
                    ModelPart.Disk, $"{name}.{property.Name}", Convert.ToString(property.GetValue(profile), CultureInfo.InvariantCulture)!, unit,
                    $"scenarios/profiles/{name}.yaml, which says who measured it", $"P:{typeof(DiskProfile).FullName}.{property.Name}");
            }
        }
    }
}
