using System.Globalization;
using System.Text.RegularExpressions;
using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Containers;

/// <summary>The daemon's list of containers, filtered.</summary>
/// <remarks>Source: moby v20.10.24, daemon/list.go.</remarks>
internal static class ContainerQuery
{
    private static readonly string[] States = ["paused", "restarting", "removing", "running", "dead", "created", "exited"];

    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    /// <param name="all">Stopped containers too.</param>
    /// <param name="last">Only so many of the youngest, running or not; 0 for no limit.</param>
    /// <returns>Youngest first.</returns>
    /// <exception cref="CommandException">An unknown filter, or one that names nothing.</exception>
    public static IReadOnlyList<Container> List(DockerEngine engine, Filters filters, bool all, int last)
    {
        filters.Allow("ancestor", "before", "exited", "id", "isolation", "label", "name", "status", "health", "since", "volume", "network", "is-task", "publish", "expose");
        foreach (string status in filters.Of("status"))
        {
            if (!States.Contains(status))
                throw Refused($"Invalid filter 'status={status}'");
        }

        int[] exitCodes = [.. filters.Of("exited").Select(ExitCode)];
        Container? before = Find(engine, filters, "before");
        Container? since = Find(engine, filters, "since");
        HashSet<string>? images = filters.Has("ancestor") ? Descendants(engine, filters.Of("ancestor")) : null;
        bool showsAll = all || last > 0 || filters.Has("status");
        IEnumerable<Container> youngestFirst = engine.Containers.All.Reverse();
        if (before is not null)
            youngestFirst = youngestFirst.SkipWhile(container => container != before).Skip(1);
        if (since is not null)
            youngestFirst = youngestFirst.TakeWhile(container => container != since);
        IEnumerable<Container> listed = youngestFirst.Where(container => (showsAll || container.IsRunning)
            && Matches(filters, "id", container.Id)
            && MatchesName(filters, container)
            && (images is null || images.Contains(container.Image.Id))
            && (exitCodes.Length == 0 || (!container.IsRunning && !container.Started.IsNever && exitCodes.Contains(container.ExitCode)))
            && (!filters.Has("status") || filters.Of("status").Contains(StateOf(container)))
            && (!filters.Has("network") || filters.Of("network").Contains(container.NetworkMode))
            && (!filters.Has("volume") || container.Volumes.Any(mount => filters.Of("volume").Any(
                value => value == mount.Volume.Name || value == mount.Path.ToString(engine.Names))))
            && (!filters.Has("health") || filters.Of("health").Contains("none"))
            && !filters.Has("publish") && !filters.Has("expose")
            && !filters.Of("is-task").Any(value => value is "true" or "1")
            && filters.MatchesLabels("label", container.Configuration.Labels));
        return [.. last > 0 ? listed.Take(last) : listed];
    }

    public static string StateOf(Container container) => container.State switch
    {
        ContainerState.Running => "running",
        ContainerState.Exited => "exited",
        _ => "created",
    };

    private static bool Matches(Filters filters, string name, string value) =>
        !filters.Has(name) || filters.Of(name).Any(pattern => value == pattern || value.StartsWith(pattern, StringComparison.Ordinal) || IsMatch(pattern, value));

    private static bool MatchesName(Filters filters, Container container) =>
        !filters.Has("name") || filters.Of("name").Any(pattern => IsMatch(pattern, "/" + container.Name) || IsMatch(pattern, container.Name));

    private static bool IsMatch(string pattern, string value)
    {
        try
        {
            return Regex.IsMatch(value, pattern, RegexOptions.CultureInvariant, PatternTimeout);
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static int ExitCode(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int code)
        ? code
        : throw Refused($"strconv.Atoi: parsing \"{text}\": invalid syntax");

    private static Container? Find(DockerEngine engine, Filters filters, string name)
    {
        Container? container = null;
        foreach (string value in filters.Of(name))
            container = engine.Containers.Find(value, out _) ?? throw Refused($"no such container {value}");
        return container;
    }

    /// <summary>The images named and all that were built on them.</summary>
    private static HashSet<string> Descendants(DockerEngine engine, IEnumerable<string> references)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (string reference in references)
        {
            if (engine.Images.Find(reference, out _) is { } image)
                found.Add(image.Id);
        }

        for (var grows = true; grows;)
        {
            grows = false;
            foreach (Image image in engine.Images.All)
                grows |= image.ParentId is { } parent && found.Contains(parent) && found.Add(image.Id);
        }

        return found;
    }

    private static CommandException Refused(string text) => new(DockerOutcome.Refused(text).Error);
}
