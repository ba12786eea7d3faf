using System.Globalization;
using System.Text;

namespace StorageLab.Shell.GoTemplates;

/// <summary>JSON as Go's encoding/json writes it: struct fields in their order, maps by key, and the characters of HTML escaped.</summary>
public static class GoJson
{
    /// <param name="indent">One level of indentation; null for one line.</param>
    /// <param name="escapesHtml">Whether <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> are escaped; only an encoder told not to leaves them.</param>
    public static string Write(object? value, string? indent = null, bool escapesHtml = true)
    {
        StringBuilder text = new();
        Append(text, value, indent, 0, escapesHtml);
        return text.ToString();
    }

    /// <summary>What omitempty leaves out.</summary>
    internal static bool IsEmpty(object? value) => value switch
    {
        null or false or 0L or 0.0 or "" => true,
        IReadOnlyList<object?> list => list.Count == 0,
        IReadOnlyDictionary<string, object?> map => map.Count == 0,
        _ => false,
    };

    private static void Append(StringBuilder text, object? value, string? indent, int depth, bool escapesHtml)
    {
        switch (value)
        {
            case null:
            case var nil when GoNil.Is(nil):
                text.Append("null");
                break;
            case bool truth:
                text.Append(truth ? "true" : "false");
                break;
            case string characters:
                AppendString(text, characters, escapesHtml);
                break;
            case long or int:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
            case double real:
                text.Append(GoFormat.FormatShortest(real));
                break;
            case GoStruct structure:
                AppendMembers(text, Members(structure), indent, depth, escapesHtml);
                break;
            case IReadOnlyDictionary<string, object?> map:
                AppendMembers(text, map.OrderBy(pair => pair.Key, StringComparer.Ordinal), indent, depth, escapesHtml);
                break;
            case IReadOnlyList<object?> list:
                AppendList(text, list, indent, depth, escapesHtml);
                break;
            default:
                throw new ArgumentException($"{value.GetType().Name} is no value of a template", nameof(value));
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Members(GoStruct structure)
    {
        foreach (GoField field in structure.Fields)
        {
            object? value = field.JsonName is null ? null : field.Value();
            if (field.JsonName is not null && !(field.OmitsEmpty && IsEmpty(value)))
                yield return new KeyValuePair<string, object?>(field.JsonName, value);
        }
    }

    private static void AppendMembers(
        StringBuilder text, IEnumerable<KeyValuePair<string, object?>> members, string? indent, int depth, bool escapesHtml)
    {
        text.Append('{');
        var isFirst = true;
        foreach ((string key, object? value) in members)
        {
            text.Append(isFirst ? "" : ",");
            AppendBreak(text, indent, depth + 1);
            AppendString(text, key, escapesHtml);
            text.Append(indent is null ? ":" : ": ");
            Append(text, value, indent, depth + 1, escapesHtml);
            isFirst = false;
        }

        if (!isFirst)
            AppendBreak(text, indent, depth);
        text.Append('}');
    }

    private static void AppendList(StringBuilder text, IReadOnlyList<object?> list, string? indent, int depth, bool escapesHtml)
    {
        text.Append('[');
        for (var index = 0; index < list.Count; index++)
        {
            text.Append(index == 0 ? "" : ",");
            AppendBreak(text, indent, depth + 1);
            Append(text, list[index], indent, depth + 1, escapesHtml);
        }

        if (list.Count > 0)
            AppendBreak(text, indent, depth);
        text.Append(']');
    }

    private static void AppendBreak(StringBuilder text, string? indent, int depth)
    {
        if (indent is null)
            return;
        text.Append('\n');
        for (var level = 0; level < depth; level++)
            text.Append(indent);
    }

    private static void AppendString(StringBuilder text, string value, bool escapesHtml)
    {
        text.Append('"');
        foreach (char character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '<' or '>' or '&' when escapesHtml => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                < ' ' or '\u2028' or '\u2029' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
