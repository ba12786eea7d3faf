using System.Globalization;
using StorageLab.Model.Images;
using StorageLab.Shell.Docker.Formats;
using StorageLab.Shell.GoTemplates;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Containers;

/// <summary>Rows of a container list.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/formatter/container.go.</remarks>
internal static class ContainerRows
{
    private const int CommandLength = 20;
    private const int MountLength = 15;

    public static IReadOnlyDictionary<string, object?> Headings { get; } = new Dictionary<string, object?>
    {
        ["ID"] = "CONTAINER ID", ["Names"] = "NAMES", ["Image"] = "IMAGE", ["Command"] = "COMMAND", ["CreatedAt"] = "CREATED AT",
        ["RunningFor"] = "CREATED", ["Ports"] = "PORTS", ["State"] = "STATE", ["Status"] = "STATUS", ["Size"] = "SIZE", ["Labels"] = "LABELS",
        ["Mounts"] = "MOUNTS", ["LocalVolumes"] = "LOCAL VOLUMES", ["Networks"] = "NETWORKS",
    };

    /// <param name="writtenBytes">Bytes the container's own layer holds, as the daemon measured them; null where nobody asked.</param>
    /// <param name="showsVirtual">Whether the image's size stands beside it.</param>
    public static GoStruct Of(DockerHost host, Container container, bool truncates, long? writtenBytes, bool showsVirtual)
    {
        string command = CommandLine(container);
        string size = DockerUnits.HumanSize(writtenBytes ?? 0, 3);
        if (showsVirtual && writtenBytes is { } bytes && bytes + container.Image.VirtualBytes > 0)
            size += $" (virtual {DockerUnits.HumanSize(bytes + container.Image.VirtualBytes, 3)})";
        GoStruct row = OutputFormat.Row(
            "ContainerContext",
            ("ID", () => Shown.Id(container.Id, truncates)),
            ("Names", () => container.Name),
            ("Image", () => ImageOf(host.Engine, container, truncates)),
            ("Command", () => GoFormat.Quote(truncates ? Shown.Ellipsis(command, CommandLength) : command)),
            ("CreatedAt", () => Shown.Date(container.Created)),
            ("RunningFor", () => Shown.Since(container.Created, host.Now)),
            ("Ports", () => ""),
            ("State", () => ContainerQuery.StateOf(container)),
            ("Status", () => StatusOf(host, container)),
            ("Size", () => size),
            ("Labels", () => LabelsOf(container)),
            ("Mounts", () => string.Join(',', container.Volumes.Select(
                mount => truncates ? Shown.Ellipsis(mount.Volume.Name, MountLength) : mount.Volume.Name).Order(StringComparer.Ordinal))),
            ("LocalVolumes", () => container.Volumes.Count.ToString(CultureInfo.InvariantCulture)),
            ("Networks", () => container.NetworkMode));
        return row with { Fields = [.. row.Fields, new GoField("Label", null, () => null) { Call = name => container.Configuration.Labels?.GetValueOrDefault(name) ?? "" }] };
    }

    /// <summary>How long it runs, or how it ended (container/state.go, String).</summary>
    private static string StatusOf(DockerHost host, Container container) => container.State switch
    {
        ContainerState.Running => $"Up {DockerUnits.HumanDuration(host.Now - container.Started)}",
        ContainerState.Exited => $"Exited ({container.ExitCode}) {DockerUnits.HumanDuration(host.Now - container.Finished)} ago",
        _ => "Created",
    };

    private static string LabelsOf(Container container) =>
        container.Configuration.Labels is { } labels ? string.Join(',', labels.Select(label => $"{label.Key}={label.Value}")) : "";

    /// <summary>Program and arguments; those with a blank in single quotes.</summary>
    private static string CommandLine(Container container) =>
        string.Join(' ', container.Configuration.Process.Select((word, index) => index > 0 && word.Contains(' ') ? $"'{word}'" : word));

    /// <summary>The reference it was made from, or the image's id where that now means another image or none.</summary>
    private static string ImageOf(DockerEngine engine, Container container, bool truncates)
    {
        string image = engine.Images.Find(container.ImageReference, out _)?.Id == container.Image.Id ? container.ImageReference : container.Image.Id;
        if (!truncates)
            return image;
        if (ImageName.IsId(image) || ContentIds.Hex(container.Image.Id).StartsWith(ContentIds.Hex(image), StringComparison.Ordinal))
            return ContentIds.Truncated(container.Image.Id);
        return ImageName.TryParse(image, out _) is { } name ? (name with { Digest = null }).Familiar : image;
    }
}
