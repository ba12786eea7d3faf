using System.Collections.Immutable;
using StorageLab.Cli.Interactive;
using StorageLab.Scenarios;
using StorageLab.Shell.Sessions;

namespace StorageLab.Cli.Sessions;

/// <summary>Completes the words of the shell: commands, Docker's commands, images, containers and the lab's words.</summary>
internal sealed class ShellCompletion(LabShell shell, ImmutableArray<string> labWords, ImmutableArray<string> catalogTags)
{
    private static readonly ImmutableArray<string> DockerWords =
    [
        "build", "commit", "container", "create", "diff", "events", "exec", "history", "image", "images", "import", "info", "inspect", "kill", "load", "logs",
        "ps", "pull", "push", "restart", "rm", "rmi", "run", "save", "search", "start", "stats", "stop", "system", "tag", "top", "version", "volume",
    ];

    private static readonly ImmutableDictionary<string, ImmutableArray<string>> Below = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal)
    {
        ["image"] = ["build", "history", "import", "inspect", "load", "ls", "prune", "pull", "push", "rm", "save", "tag"],
        ["container"] = ["commit", "create", "diff", "exec", "inspect", "kill", "ls", "prune", "restart", "rm", "run", "start", "stop"],
        ["system"] = ["df", "info", "prune"],
        ["volume"] = ["create", "inspect", "ls", "prune", "rm"],
    }.ToImmutableDictionary(StringComparer.Ordinal);

    private static readonly HashSet<string> TakesContainers = new(StringComparer.Ordinal) { "rm", "stop", "start", "exec", "commit", "diff", "kill", "restart", "inspect", "logs" };

    public Completion Complete(string before)
    {
        int start = before.LastIndexOfAny([' ', '\t', '|', ';', '&', '(', '`', '"', '\'']) + 1;
        string word = before[start..];
        // Only the command that the word belongs to counts.
        string command = before[..start].Split('|', ';', '&', '(', '`')[^1];
        string[] words = command.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        words = words is ["sudo", .. var rest] ? rest : words;
        return new Completion(word.Length, [.. Candidates(words).Where(candidate => candidate.StartsWith(word, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)]);
    }

    private IEnumerable<string> Candidates(string[] words) => words switch
    {
        [] => [.. shell.Session.Commands.Names, .. labWords],
        ["driver", ..] => shell.Variants.Select(variant => variant.Name),
        ["docker"] => DockerWords,
        ["docker", var group] when Below.TryGetValue(group, out ImmutableArray<string> below) => below,
        ["docker", .. var rest] => Objects(rest),
        _ => [],
    };

    private IEnumerable<string> Objects(string[] words)
    {
        string verb = words is ["image" or "container", var inner, ..] ? inner : words[0];
        IEnumerable<string> images = shell.Session.Host.Engine.Images.All
            .SelectMany(image => shell.Session.Host.Engine.Images.References.Of(image.Id)).Select(name => name.Familiar);
        IEnumerable<string> containers = shell.Session.Host.Engine.Containers.All.Select(container => container.Name);
        return verb is "pull" or "run" or "create" ? [.. images, .. catalogTags]
            : words[0] != "image" && TakesContainers.Contains(verb) ? [.. containers, .. verb == "inspect" ? images : []]
            : images;
    }

    /// <summary>Tags of the shipped catalog.</summary>
    public static ImmutableArray<string> TagsOf(ImageCatalog catalog) => [.. catalog.Images.Select(image => image.Tag).Distinct()];
}
