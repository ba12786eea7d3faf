using System.Collections.Concurrent;
using System.Text.Json;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Inspection;

/// <summary>Parts of an inspection that are the same for every container, kept as the JSON that Docker prints of them.</summary>
internal static class Skeleton
{
    private static readonly ConcurrentDictionary<string, GoStruct> Known = new(StringComparer.Ordinal);

    /// <param name="name">Of the resource.</param>
    public static GoStruct Read(string name) => Known.GetOrAdd(name, static key =>
    {
        using Stream stream = typeof(Skeleton).Assembly.GetManifestResourceStream($"inspect/{key}")!;
        using JsonDocument json = JsonDocument.Parse(stream);
        return (GoStruct)Value(json.RootElement)!;
    });

    /// <summary>The same with some members replaced.</summary>
    public static GoStruct With(GoStruct structure, IReadOnlyDictionary<string, object?> values) => structure with
    {
        Fields = [.. structure.Fields.Select(field => values.TryGetValue(field.Name, out object? value) ? new GoField(field.Name, () => value) : field)],
    };

    private static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new GoStruct("struct", [.. element.EnumerateObject().Select(member =>
        {
            object? value = Value(member.Value);
            return new GoField(member.Name, () => value);
        })]),
        JsonValueKind.Array => element.EnumerateArray().Select(Value).ToArray(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetInt64(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
