using System.CommandLine;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Reports;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab list</c>: what there is to run, a line each.</summary>
internal static class ListVerb
{
    private static readonly (string Name, Func<IEnumerable<(string Name, string Text)>> Lines)[] Sections =
    [
        ("scenarios", Scenarios), ("lessons", Lessons), ("drivers", Drivers), ("options", Options), ("profiles", Profiles), ("images", Images),
    ];

    public static Command Build()
    {
        Argument<string?> section = new("WHAT") { Description = "Only these: scenarios, lessons, drivers, options, profiles or images.", Arity = ArgumentArity.ZeroOrOne, HelpName = "WHAT" };
        section.AcceptOnlyFromAmong([.. Sections.Select(s => s.Name)]);
        Command command = new("list", "List scenarios, lessons, drivers, storage options, disk profiles and images.") { section };
        command.SetAction(parsed =>
        {
            string? only = parsed.GetValue(section);
            foreach ((string name, Func<IEnumerable<(string, string)>> lines) in Sections.Where(s => only is null || s.Name == only))
                Print(name, [.. lines()]);
        });
        return command;
    }

    private static void Print(string section, (string Name, string Text)[] lines)
    {
        Console.Out.WriteLine(section);
        int width = lines.Select(line => line.Name.Length).DefaultIfEmpty().Max();
        foreach ((string name, string text) in lines)
            Console.Out.WriteLine($"  {name.PadRight(width)}  {text}".TrimEnd());
        Console.Out.WriteLine();
    }

    private static IEnumerable<(string, string)> Scenarios()
    {
        ScenarioReader reader = new(ScenarioLibrary.Shipped);
        foreach (string name in ScenarioLibrary.Shipped.ScenarioNames)
        {
            Scenario scenario = reader.Read(name, ScenarioOverrides.None);
            yield return (name, scenario.Title);
        }
    }

    private static IEnumerable<(string, string)> Lessons() => ScenarioLibrary.Shipped.LessonNames.Select(name =>
        (name, ReplayVerb.TitleOf(InputFile.ReadText(ScenarioLibrary.Shipped.FindScript(name)), name)));

    private static IEnumerable<(string, string)> Drivers() => DriverKinds.All.Select(kind => (kind.Name, kind.Description));

    private static IEnumerable<(string, string)> Options() => StorageOptionCatalog.All.Select(option =>
        (option.Name, $"{option.Summary} ({string.Join(", ", option.Drivers)}; default {(option.DefaultText.Length == 0 ? "none" : option.DefaultText)})"));

    private static IEnumerable<(string, string)> Profiles()
    {
        foreach (string name in ScenarioLibrary.Shipped.ProfileNames)
        {
            DiskProfile profile = DeviceProfileReader.Read(Path.Combine(ScenarioLibrary.Shipped.Folder, "profiles", name + ".yaml"));
            yield return (name, $"reads {IecBytes.Format(profile.ReadBytesPerSecond)}/s, writes {IecBytes.Format(profile.WriteBytesPerSecond)}/s");
        }
    }

    private static IEnumerable<(string, string)> Images()
    {
        ImageCatalog catalog = ImageCatalog.Open(ScenarioLibrary.Shipped.CatalogFolder, new NameTable());
        foreach (CatalogImage image in catalog.Images)
        {
            long bytes = image.LayerNames.Sum(layer => catalog.Layers[layer].SizeBytes);
            yield return (image.Tag, $"{IecBytes.Format(bytes)} in {image.LayerNames.Length} {(image.LayerNames.Length == 1 ? "layer" : "layers")}");
        }
    }
}
