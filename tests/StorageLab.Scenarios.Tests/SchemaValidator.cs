using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Tests;

/// <summary>Checks a YAML tree against the part of JSON schema that scenario.schema.json uses.</summary>
internal sealed class SchemaValidator(JsonObject root)
{
    public IEnumerable<string> Errors(YamlNode node) => Errors(node, root, "$");

    private IEnumerable<string> Errors(YamlNode node, JsonObject schema, string path)
    {
        if (schema["$ref"] is { } reference)
            schema = (JsonObject)root["definitions"]![((string)reference!).Split('/')[^1]]!;
        if (schema["anyOf"] is JsonArray any && any.All(option => Errors(node, (JsonObject)option!, path).Any()))
            yield return $"{path}: none of {any.Count} forms fits: {string.Join(" | ", any.SelectMany(option => Errors(node, (JsonObject)option!, path)).Take(4))}";
        if (schema["enum"] is JsonArray words && !(node is YamlText text && words.Any(word => (string)word! == text.Value)))
            yield return $"{path}: not one of the words";
        if (schema["type"] is { } type && !TypesOf(node).Any(of => type is JsonArray types ? types.Any(t => (string)t! == of) : (string)type! == of))
            yield return $"{path}: not a {type.ToJsonString()}";
        if (schema["pattern"] is { } pattern && TypesOf(node).First() == "string" && !Regex.IsMatch(((YamlText)node).Value, (string)pattern!))
            yield return $"{path}: '{((YamlText)node).Value}' does not match";
        foreach (string error in node switch
        {
            YamlMap map => ErrorsOfMap(map, schema, path),
            YamlList list when schema["items"] is JsonObject items => list.Items.SelectMany((item, index) => Errors(item, items, $"{path}[{index}]")),
            _ => [],
        })
            yield return error;
    }

    private IEnumerable<string> ErrorsOfMap(YamlMap map, JsonObject schema, string path)
    {
        if (schema["oneOf"] is JsonArray one && one.Count(option => map.Find((string)option!["required"]![0]!) is not null) != 1)
            yield return $"{path}: not one word";
        foreach (JsonNode? required in schema["required"] as JsonArray ?? [])
        {
            if (map.Find((string)required!) is null)
                yield return $"{path}: {required} is missing";
        }

        foreach ((YamlText key, YamlNode value) in map.Entries)
        {
            JsonNode? property = schema["properties"]?[key.Value] ?? schema["additionalProperties"];
            if (property is JsonObject inner)
            {
                foreach (string error in Errors(value, inner, $"{path}.{key.Value}"))
                    yield return error;
            }
            else if (property is JsonValue)
            {
                yield return $"{path}: unknown key {key.Value}";
            }
        }
    }

    // As YAML's core schema sees a plain scalar.
    private static IEnumerable<string> TypesOf(YamlNode node)
    {
        switch (node)
        {
            case YamlMap:
                return ["object"];
            case YamlList:
                return ["array"];
            case YamlText { IsNull: true }:
                return ["null"];
            case YamlText { IsPlain: true, Value: "true" or "false" }:
                return ["boolean"];
            case YamlText { IsPlain: true } text when long.TryParse(text.Value, CultureInfo.InvariantCulture, out _):
                return ["integer", "number"];
            case YamlText { IsPlain: true } text when double.TryParse(text.Value, CultureInfo.InvariantCulture, out _):
                return ["number"];
            default:
                return ["string"];
        }
    }
}
