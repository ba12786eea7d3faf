using System.Text.Json;
using System.Text.Json.Nodes;
using StorageLab.Model.Text;

namespace StorageLab.Advice.Configuration;

/// <summary>Writes a daemon.json as it was most likely meant.</summary>
/// <remarks>Kept is what can be; what cannot is dropped, and the check has said why. What flags give already is left to them.</remarks>
public static class ConfigurationRepair
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The corrected text.</summary>
    /// <param name="file">A daemon.json.</param>
    /// <param name="beside">Files of flags that the same daemon reads.</param>
    /// <returns>Null when the file cannot be understood even with comments and spare commas passed over.</returns>
    public static string? Of(ConfigurationFile file, IReadOnlyList<ConfigurationFile> beside)
    {
        ReadOnlySpan<byte> text = file.Content;
        if (text.StartsWith("\ufeff"u8))
            text = text["\ufeff"u8.Length..];
        JsonPiece root;
        try
        {
            root = PlacedJsonReader.Read(text, isLenient: true, out _);
        }
        catch (JsonException)
        {
            return null;
        }

        if (root.Kind != JsonValueKind.Object)
            return null;
        HashSet<string> flags = [.. beside.Where(other => other.IsFlagFile).SelectMany(other => FlagFile.Parse(System.Text.Encoding.UTF8.GetString(other.Content)).Flags).Select(flag => flag.Name)];
        JsonObject mended = [];
        foreach (JsonPieceMember member in root.Members)
        {
            string? name = NameOf(member.Name);
            if (name is null || (name == "graph" && root.Find("data-root") is not null))
                continue;
            DaemonKey key = DaemonKey.All[name == "graph" ? "data-root" : name];
            if ((flags.Contains(key.Flag) && key.Name != "runtimes") || Mended(key, member.Value, root) is not { } value)
                continue;
            mended[key.Name] = value;
        }

        return mended.ToJsonString(Indented) + "\n";
    }

    private static string? NameOf(string name) => DaemonKey.All.ContainsKey(name)
        ? name
        : DaemonKey.All.Values.FirstOrDefault(key => key.Flag == name)?.Name ?? NearestWord.Find(name.ToLowerInvariant(), DaemonKey.All.Keys);

    private static JsonNode? Mended(DaemonKey key, JsonPiece value, JsonPiece root) => key.Kind switch
    {
        JsonValueKind.Array when key.Name == "default-address-pools" => value.Kind == JsonValueKind.Array ? Node(value) : null,
        JsonValueKind.Array => MendedList(key, value, root),
        JsonValueKind.True when value.Text is "true" or "false" => JsonValue.Create(value.Text == "true"),
        JsonValueKind.Number when long.TryParse(value.Text, out long number) => JsonValue.Create(number),
        JsonValueKind.String when value.Kind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => JsonValue.Create(value.Text),
        JsonValueKind.Object when key.Name == "log-opts" && value.Kind == JsonValueKind.Object =>
            new JsonObject(value.Members.DistinctBy(option => option.Name).Select(option => KeyValuePair.Create(option.Name, (JsonNode?)JsonValue.Create(option.Value.Text)))),
        JsonValueKind.Object when value.Kind == JsonValueKind.Object => Node(value),
        _ => null,
    };

    private static JsonArray? MendedList(DaemonKey key, JsonPiece value, JsonPiece root)
    {
        string driver = root.Members.LastOrDefault(member => NameOf(member.Name) == "storage-driver")?.Value.Text ?? "";
        IEnumerable<string> texts = (value.Kind == JsonValueKind.Array ? value.Items : [value])
            .Where(item => item.Kind is JsonValueKind.String or JsonValueKind.Number).Select(item => item.Text);
        if (key.Name == "registry-mirrors")
            texts = texts.Select(RegistryMirror.Mended).OfType<string>();
        if (key.Name == "storage-opts")
            texts = texts.Where(option => option.Contains('=') && IsOptionOf(option.Split('=')[0].ToLowerInvariant(), driver));
        JsonNode?[] items = [.. texts.Distinct().Select(text => (JsonNode?)JsonValue.Create(text))];
        return items.Length > 0 ? new JsonArray(items) : null;
    }

    private static bool IsOptionOf(string name, string driver) => driver switch
    {
        "devicemapper" => name.StartsWith("dm.", StringComparison.Ordinal) && ConfigurationCheck.IsKnownOption(name),
        "overlay2" => name.StartsWith("overlay2.", StringComparison.Ordinal) && ConfigurationCheck.IsKnownOption(name),
        "" => ConfigurationCheck.IsKnownOption(name),
        _ => name.StartsWith(driver + ".", StringComparison.Ordinal),
    };

    private static JsonNode? Node(JsonPiece piece) => piece.Kind switch
    {
        JsonValueKind.Object => new JsonObject(piece.Members.GroupBy(member => member.Name).Select(group => KeyValuePair.Create(group.Key, Node(group.Last().Value)))),
        JsonValueKind.Array => new JsonArray([.. piece.Items.Select(Node)]),
        JsonValueKind.String => JsonValue.Create(piece.Text),
        _ => JsonNode.Parse(piece.Text),
    };
}
