using System.CommandLine;
using StorageLab.Cli.Sessions;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;
using StorageLab.Scenarios.Traces;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab import docker-events</c> and <c>registry-trace</c>: a real host's history, replayed like a scenario.</summary>
internal static class HistoryVerb
{
    private delegate ImportedHistory HistoryReader(string path, ImageCatalog catalog, NameTable names, ImageSizes sizes);

    public static Command BuildDockerEvents() => Build(
        "docker-events",
        "Replay what docker events --format '{{json .}}' wrote: a host's images and containers on all drivers.",
        "Lines of JSON, plain or compressed.",
        DockerEventsReader.Read);

    public static Command BuildRegistryTrace() => Build(
        "registry-trace",
        "Replay a registry's access log, as the traces of IBM's registry have it, as pulls on one host.",
        "Objects of JSON, one a line or in an array, plain or compressed.",
        RegistryTraceReader.Read);

    private static Command Build(string name, string description, string fileDescription, HistoryReader read)
    {
        Argument<string> file = new("FILE") { Description = fileDescription, HelpName = "FILE" };
        Option<string[]> sizes = new("--size") { Description = "Unpacked size of an image that is neither shipped nor in the log; may be given several times.", HelpName = "NAME=SIZE" };
        Option<string?> defaultSize = new("--default-size") { Description = "Unpacked size of all other images that are not known.", HelpName = "SIZE" };
        RunSettings settings = new();
        SessionStart start = new(settings);
        Command command = new(name, description) { file, sizes, defaultSize };
        start.AddTo(command);
        settings.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            string path = parsed.GetRequiredValue(file);
            string title = Path.GetFileNameWithoutExtension(path);
            ImageSizes known = ImageSizes.Read(parsed.GetValue(sizes) ?? [], parsed.GetValue(defaultSize));
            Scenario hosts = start.Read(parsed, title, title);
            ImageCatalog catalog = ImageCatalog.Open(ScenarioLibrary.Shipped.CatalogFolder, hosts.Names);
            ImportedHistory history = read(path, catalog, hosts.Names, known);
            RunOptions options = settings.Options(parsed, title);
            if (options.Mode is OutputMode.Rich or OutputMode.Plain)
            {
                foreach (string note in history.Notes)
                    Console.Error.WriteLine($"{path}: {note}");
            }

            Scenario scenario = hosts with { StepCount = hosts.StepCount + history.StepCount, Steps = hosts.Steps.Concat(history.Steps), IsOpenEnded = false };
            return RunVerb.RunAsync(scenario, options, RunVerb.ReplayAndMap);
        });
        return command;
    }
}
