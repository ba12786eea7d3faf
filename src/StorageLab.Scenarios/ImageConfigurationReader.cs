using System.Collections.Immutable;
using System.Text.Json;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;

namespace StorageLab.Scenarios;

/// <summary>Reads an image's configuration, the JSON whose digest is the image's id.</summary>
/// <remarks>What is missing or of another kind counts as not given, as it does for Docker. Source: moby v20.10.24, image/image.go.</remarks>
internal static class ImageConfigurationReader
{
    /// <summary>Lines of history that are read.</summary>
    private const int HistoryCountMax = 10_000;

    public static ImageConfiguration Read(JsonElement root, long lengthBytes) => new()
    {
        Created = Time(root, "created"),
        Author = Text(root, "author"),
        Comment = Text(root, "comment"),
        Architecture = Text(root, "architecture"),
        OperatingSystem = Text(root, "os"),
        DockerVersion = Text(root, "docker_version"),
        Container = Text(root, "container"),
        Configuration = ReadContainer(root, "config"),
        ContainerConfiguration = ReadContainer(root, "container_config"),
        History = ReadHistory(root),
        JsonBytes = lengthBytes,
    };

    private static ContainerConfiguration ReadContainer(JsonElement root, string name)
    {
        if (!TryGet(root, name, JsonValueKind.Object, out JsonElement container))
            return ContainerConfiguration.Empty;
        return new ContainerConfiguration
        {
            Hostname = Text(container, "Hostname"),
            User = Text(container, "User"),
            AttachesInput = Truth(container, "AttachStdin"),
            AttachesOutput = Truth(container, "AttachStdout"),
            IsTty = Truth(container, "Tty"),
            OpensInput = Truth(container, "OpenStdin"),
            ExposedPorts = Keys(container, "ExposedPorts"),
            Environment = Texts(container, "Env"),
            Command = Texts(container, "Cmd"),
            Image = Text(container, "Image"),
            Volumes = Keys(container, "Volumes"),
            WorkingDirectory = Text(container, "WorkingDir"),
            Entrypoint = Texts(container, "Entrypoint"),
            OnBuild = Texts(container, "OnBuild"),
            Labels = Labels(container),
            StopSignal = Text(container, "StopSignal"),
            Shell = Texts(container, "Shell"),
        };
    }

    private static ImmutableArray<HistoryEntry> ReadHistory(JsonElement root)
    {
        if (!TryGet(root, "history", JsonValueKind.Array, out JsonElement history))
            return [];
        return
        [
            .. history.EnumerateArray().Take(HistoryCountMax).Where(entry => entry.ValueKind == JsonValueKind.Object).Select(entry =>
                new HistoryEntry(Time(entry, "created"), Text(entry, "created_by"), Text(entry, "comment"), Truth(entry, "empty_layer"))),
        ];
    }

    private static ImmutableSortedDictionary<string, string>? Labels(JsonElement container) =>
        TryGet(container, "Labels", JsonValueKind.Object, out JsonElement labels)
            ? labels.EnumerateObject().Where(label => label.Value.ValueKind == JsonValueKind.String).DistinctBy(label => label.Name)
                .ToImmutableSortedDictionary(label => label.Name, label => label.Value.GetString()!, StringComparer.Ordinal)
            : null;

    private static ImmutableSortedSet<string>? Keys(JsonElement element, string name) =>
        TryGet(element, name, JsonValueKind.Object, out JsonElement map)
            ? map.EnumerateObject().Select(member => member.Name).ToImmutableSortedSet(StringComparer.Ordinal)
            : null;

    private static ImmutableArray<string>? Texts(JsonElement element, string name) =>
        TryGet(element, name, JsonValueKind.Array, out JsonElement list)
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : null;

    private static Timestamp Time(JsonElement element, string name) =>
        Timestamp.TryParse(Text(element, name), out Timestamp timestamp) ? timestamp : Timestamp.Never;

    private static string Text(JsonElement element, string name) =>
        TryGet(element, name, JsonValueKind.String, out JsonElement text) ? text.GetString()! : "";

    private static bool Truth(JsonElement element, string name) => TryGet(element, name, JsonValueKind.True, out _);

    private static bool TryGet(JsonElement element, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind == kind;
    }
}
