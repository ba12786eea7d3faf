using System.Globalization;
using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Formats;
using StorageLab.Shell.Docker.Inspection;
using StorageLab.Shell.GoTemplates;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Volumes;

/// <summary><c>docker volume ls</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/formatter/volume.go.</remarks>
internal static class VolumeList
{
    private static readonly Dictionary<string, object?> Headings = new()
    {
        ["Driver"] = "DRIVER", ["Name"] = "VOLUME NAME", ["Scope"] = "SCOPE", ["Mountpoint"] = "MOUNTPOINT", ["Labels"] = "LABELS", ["Links"] = "LINKS", ["Size"] = "SIZE",
    };

    public static DockerCommand Build() => new("volume ls", ArgumentCount.None, Run) { Aliases = ["list"] };

    private static int Run(Invocation call)
    {
        Filters filters = new(call.Flags.Texts("filter"));
        filters.Allow("dangling", "name", "driver", "label");
        bool? dangling = filters.Boolean("dangling", ["true", "1"], ["false", "0"]);
        string given = call.Flags.Text("format");
        string format = given is "" or OutputFormat.Table ? call.Flags.Is("quiet") ? "{{.Name}}" : "table {{.Driver}}\t{{.Name}}"
            : given == OutputFormat.Raw ? call.Flags.Is("quiet") ? "name: {{.Name}}" : "name: {{.Name}}\ndriver: {{.Driver}}\n" : given;
        IEnumerable<Volume> volumes = call.Engine.Volumes.All.Where(volume => (dangling is null || dangling == !IsUsed(call.Engine, volume))
            && (!filters.Has("name") || filters.Of("name").Any(part => volume.Name.Contains(part, StringComparison.Ordinal)))
            && (!filters.Has("driver") || filters.Of("driver").Contains("local"))
            && filters.MatchesLabels("label", volume.Labels));
        OutputFormat.Write(call.Output, format, Headings, volumes.Select(volume => Row(volume)));
        return 0;
    }

    /// <summary>Whether a container mounts a volume.</summary>
    public static bool IsUsed(DockerEngine engine, Volume volume) => engine.Containers.All.Any(container => container.Volumes.Any(mount => mount.Volume == volume));

    /// <param name="use">Containers that mount it and its bytes, where they were counted.</param>
    public static GoStruct Row(Volume volume, (int LinkCount, long Bytes)? use = null)
    {
        string labels = volume.Labels is { } given ? string.Join(',', given.Select(label => $"{label.Key}={label.Value}")) : "";
        return OutputFormat.Row(
            "volumeContext",
            ("Driver", () => "local"),
            ("Labels", () => labels),
            ("Links", () => use?.LinkCount.ToString(CultureInfo.InvariantCulture) ?? "N/A"),
            ("Mountpoint", () => VolumeInspection.MountPoint(volume)),
            ("Name", () => volume.Name),
            ("Scope", () => "local"),
            ("Size", () => use is { } counted ? DockerUnits.HumanSize(counted.Bytes) : "N/A"));
    }
}
