using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StorageLab.Model.Drivers;
using StorageLab.Scenarios.Hosts;
using StorageLab.Scenarios.Steps;

namespace StorageLab.Scenarios;

/// <summary>The JSON schema of scenarios, for editors: made from the tables the reader itself goes by, so that the two cannot
/// differ.</summary>
public static class ScenarioSchema
{
    // Draft 7 is what editors' YAML support understands.
    private const string Draft = "http://json-schema.org/draft-07/schema#";

    // A value with an expression in braces may become anything.
    private const string Braced = @".*\{.*\}.*";
    private const string SizePattern = @"[0-9]+(\.[0-9]+)? ?(B|[kK]B?|[MGT]B?|[KMGT]iB)?";
    private const string DurationPattern = @"[0-9]+(\.[0-9]+)? ?(ns|us|ms|s|m|h|d|w)";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as indented JSON with a line break at the end.</summary>
    public static string ToJson() => Root().ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";

    private static JsonObject Root()
    {
        JsonObject root = new() { ["$schema"] = Draft, ["title"] = "StorageLab scenario" };
        foreach ((string key, JsonNode? value) in Mapping(ScenarioReader.Settings))
            root[key] = value?.DeepClone();
        root["definitions"] = new JsonObject
        {
            ["host"] = AnyOf(Mapping(HostReader.Settings), Type("null")),
            ["driver"] = AnyOf(Enumeration(DriverNames.All), Mapping(VariantReader.Settings)),
            ["step"] = Step(StepReader.Modifiers),
            ["choice"] = Step(StepReader.Modifiers.Append(StepReader.Weight)),
            ["operation"] = OneWord(OperationVerbs.All.Select(verb => (verb.Name, Described(Mapping(verb.Settings), verb.Summary))), []),
        };
        return root;
    }

    private static JsonObject Step(IEnumerable<Setting> modifiers)
    {
        IEnumerable<(string, JsonObject)> words = StepVerbs.All.Select(verb => (verb.Name, Described(Value(verb), verb.Summary)));
        IEnumerable<(string, JsonObject)> blocks = StepReader.Blocks.Select(block =>
            (block.Name, Described(block.Settings.IsEmpty ? List("step") : Mapping(block.Settings), block.Summary)));
        IEnumerable<string> alone = StepVerbs.All.Where(verb => verb.StandsAlone).Select(verb => verb.Name);
        return AnyOf(Enumeration(alone), OneWord(words.Concat(blocks), modifiers));
    }

    private static JsonObject OneWord(IEnumerable<(string Name, JsonObject Schema)> words, IEnumerable<Setting> modifiers)
    {
        JsonObject properties = [];
        JsonArray required = [];
        foreach ((string name, JsonObject schema) in words)
        {
            properties[name] = schema;
            required.Add((JsonNode)new JsonObject { ["required"] = new JsonArray(name) });
        }

        foreach (Setting modifier in modifiers)
            properties[modifier.Name] = Described(new JsonObject { ["type"] = "integer", ["minimum"] = 1 }, modifier.Summary);
        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false, ["oneOf"] = required };
    }

    private static JsonObject Value(StepVerb verb)
    {
        if (verb.Settings.IsEmpty)
            return Type("null");
        List<JsonObject> forms = [Mapping(verb.Settings)];
        if (verb.Short is not null)
            forms.Insert(0, Value(verb.Settings.First(setting => setting.Name == verb.Short)));
        if (verb.StandsAlone)
            forms.Add(Type("null"));
        return forms.Count == 1 ? forms[0] : AnyOf([.. forms]);
    }

    private static JsonObject Mapping(IEnumerable<Setting> settings)
    {
        JsonObject properties = [];
        JsonArray required = [];
        foreach (Setting setting in settings)
        {
            properties[setting.Name] = Described(Value(setting), setting.Summary);
            if (setting.IsRequired)
                required.Add((JsonNode)setting.Name);
        }

        JsonObject mapping = new() { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0)
            mapping["required"] = required;
        return mapping;
    }

    private static JsonObject Value(Setting setting) => setting.Kind switch
    {
        SettingKind.Path => Pattern("/.*"),
        SettingKind.Size => Type("integer", "string", SizePattern),
        SettingKind.SizeRange => Type("integer", "string", $@"{SizePattern}( *\.\. *{SizePattern})?"),
        SettingKind.SizeList => new JsonObject { ["type"] = "array", ["items"] = Type("integer", "string", SizePattern) },
        SettingKind.Count => Type("integer", "string", Braced),
        SettingKind.Duration => Pattern(DurationPattern),
        SettingKind.Boolean => Type("boolean", "string", Braced),
        SettingKind.Choice => Enumeration(setting.Choices),
        SettingKind.TextList => new JsonObject { ["type"] = "array", ["items"] = Type("string") },
        SettingKind.Steps => List("step"),
        SettingKind.Choices => List("choice"),
        SettingKind.Operations => List("operation"),
        SettingKind.Instructions => new JsonObject
        {
            ["type"] = "array",
            ["items"] = AnyOf(Type("string"), new JsonObject
            {
                ["type"] = "object",
                ["minProperties"] = 1,
                ["maxProperties"] = 1,
                ["additionalProperties"] = List("operation"),
            }),
        },
        SettingKind.Hosts => new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["additionalProperties"] = Reference("host") },
        SettingKind.Drivers => List("driver"),
        SettingKind.Options => Options(),
        _ => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
    };

    private static JsonObject Options()
    {
        JsonObject properties = [];
        foreach (StorageOption option in StorageOptionCatalog.All)
        {
            properties[option.Name] = Described(
                new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
                $"{option.Summary}; default {option.DefaultText} ({string.Join(", ", option.Drivers)})");
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
    }

    private static JsonObject Described(JsonObject schema, string summary)
    {
        schema["description"] = summary;
        return schema;
    }

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject Type(string type, string other, string pattern) =>
        new() { ["type"] = new JsonArray(type, other), ["pattern"] = pattern == Braced ? $"^{Braced}$" : $"^({pattern}|{Braced})$" };

    private static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = $"^({pattern}|{Braced})$" };

    private static JsonObject Enumeration(IEnumerable<string> words) => new() { ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) };

    private static JsonObject AnyOf(params JsonObject[] schemas) => new() { ["anyOf"] = new JsonArray([.. schemas]) };

    private static JsonObject List(string definition) => new() { ["type"] = "array", ["items"] = Reference(definition) };

    private static JsonObject Reference(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };
}
