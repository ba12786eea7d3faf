using System.Globalization;
using System.Text;

namespace StorageLab.Shell.GoTemplates;

/// <summary>The functions of Go's templates and those that Docker adds.</summary>
/// <remarks>Source: Go 1.19, text/template/funcs.go; docker/cli v20.10, templates/templates.go.</remarks>
internal static class TemplateFunctions
{
    private const ParameterType Any = ParameterType.Any;
    private const ParameterType Text = ParameterType.Text;
    private const ParameterType Integer = ParameterType.Integer;

    /// <summary>By name. <c>and</c> and <c>or</c> stop at the first argument that decides, so the execution knows them itself.</summary>
    public static IReadOnlyDictionary<string, TemplateFunction> All { get; } = ToDictionary(
    [
        new("and", [Any, Any], arguments => arguments[^1], IsVariadic: true),
        new("or", [Any, Any], arguments => arguments[^1], IsVariadic: true),
        new("not", [Any], arguments => !IsTrue(arguments[0])),
        new("len", [Any], arguments => Length(arguments[0])),
        new("index", [Any, Any], Index, IsVariadic: true),
        new("slice", [Any, Any], Slice, IsVariadic: true),
        new("print", [Any], GoFormat.Print, IsVariadic: true),
        new("println", [Any], arguments => string.Join(' ', arguments.Select(GoFormat.Value)) + "\n", IsVariadic: true),
        new("printf", [Text, Any], arguments => GoFormat.Printf((string)arguments[0]!, [.. arguments.Skip(1)]), IsVariadic: true),
        new("html", [Any], arguments => EscapeHtml(GoFormat.Print(arguments)), IsVariadic: true),
        new("js", [Any], arguments => EscapeScript(GoFormat.Print(arguments)), IsVariadic: true),
        new("urlquery", [Any], arguments => Uri.EscapeDataString(GoFormat.Print(arguments)).Replace("%20", "+", StringComparison.Ordinal), IsVariadic: true),
        new("eq", [Any, Any], arguments => arguments.Skip(1).Any(other => Compare(arguments[0], other, onlyEqual: true) == 0), IsVariadic: true),
        new("ne", [Any, Any], arguments => Compare(arguments[0], arguments[1], onlyEqual: true) != 0),
        new("lt", [Any, Any], arguments => Compare(arguments[0], arguments[1]) < 0),
        new("le", [Any, Any], arguments => Compare(arguments[0], arguments[1]) <= 0),
        new("gt", [Any, Any], arguments => Compare(arguments[0], arguments[1]) > 0),
        new("ge", [Any, Any], arguments => Compare(arguments[0], arguments[1]) >= 0),
        new("json", [Any], arguments => GoJson.Write(arguments[0], escapesHtml: true)),
        new("split", [Text, Text], arguments => Split((string)arguments[0]!, (string)arguments[1]!)),
        new("join", [ParameterType.Texts, Text], arguments => string.Join((string)arguments[1]!, (IReadOnlyList<object?>)arguments[0]!)),
        new("title", [Text], arguments => Title((string)arguments[0]!)),
        new("lower", [Text], arguments => ((string)arguments[0]!).ToLowerInvariant()),
        new("upper", [Text], arguments => ((string)arguments[0]!).ToUpperInvariant()),
        new("pad", [Text, Integer, Integer], arguments => Pad((string)arguments[0]!, (long)arguments[1]!, (long)arguments[2]!)),
        new("truncate", [Text, Integer], arguments => Truncate((string)arguments[0]!, (long)arguments[1]!)),
    ]);

    /// <summary>The same for the headings of a table, which bear no change of case or length.</summary>
    public static IReadOnlyDictionary<string, TemplateFunction> ForHeadings { get; } = ToDictionary(
        All.Values.Select(function => function.Name is "json" or "title" or "lower" or "upper" or "truncate"
            ? function with { Call = arguments => arguments[0] }
            : function));

    /// <summary>Whether Go takes a value as true: neither zero nor empty.</summary>
    public static bool IsTrue(object? value) => value is GoStruct || !GoJson.IsEmpty(value);

    private static Dictionary<string, TemplateFunction> ToDictionary(IEnumerable<TemplateFunction> functions) =>
        functions.ToDictionary(function => function.Name, StringComparer.Ordinal);

    private static long Length(object? value) => value switch
    {
        string text => Encoding.UTF8.GetByteCount(text),
        IReadOnlyList<object?> list => list.Count,
        IReadOnlyDictionary<string, object?> map => map.Count,
        null => throw new TemplateException("len of nil pointer"),
        _ => throw new TemplateException($"len of type {GoFormat.TypeName(value)}"),
    };

    private static object? Index(IReadOnlyList<object?> arguments)
    {
        object? item = arguments[0] ?? throw new TemplateException("index of untyped nil");
        foreach (object? index in arguments.Skip(1))
        {
            item = item switch
            {
                string text => (long)Encoding.UTF8.GetBytes(text)[Position(index, Encoding.UTF8.GetByteCount(text))],
                IReadOnlyList<object?> list => list[Position(index, list.Count)],
                IReadOnlyDictionary<string, object?> map => index is string key
                    ? map.TryGetValue(key, out object? found) ? found : map.Values.All(value => value is string) ? "" : null
                    : throw new TemplateException($"value has type {GoFormat.TypeName(index)}; should be string"),
                null => throw new TemplateException("index of nil pointer"),
                _ => throw new TemplateException($"can't index item of type {GoFormat.TypeName(item)}"),
            };
        }

        return item;
    }

    private static int Position(object? index, int count)
    {
        if (index is not long position)
        {
            throw new TemplateException(index is null ? "cannot index slice/array with nil" : $"cannot index slice/array with type {GoFormat.TypeName(index)}");
        }

        return position >= 0 && position < count ? (int)position : throw new TemplateException($"index out of range: {position}");
    }

    private static object Slice(IReadOnlyList<object?> arguments) => arguments[0] switch
    {
        string text => text[Bounds(arguments, text.Length)],
        IReadOnlyList<object?> list => list.Take(Bounds(arguments, list.Count)).ToArray(),
        null => throw new TemplateException("slice of untyped nil"),
        _ => throw new TemplateException($"can't slice item of type {GoFormat.TypeName(arguments[0])}"),
    };

    /// <summary>Where a slice begins and ends, of so many items.</summary>
    private static Range Bounds(IReadOnlyList<object?> arguments, int count)
    {
        int[] bounds = [0, count];
        for (var index = 1; index < Math.Min(arguments.Count, 3); index++)
            bounds[index - 1] = arguments[index] is long end && end == count ? count : Position(arguments[index], count);
        return bounds[0] <= bounds[1]
            ? bounds[0]..bounds[1]
            : throw new TemplateException($"invalid slice index: {bounds[0]} > {bounds[1]}");
    }

    private static int Compare(object? left, object? right, bool onlyEqual = false)
    {
        if (left is GoStruct or IReadOnlyList<object?> or IReadOnlyDictionary<string, object?>)
            throw new TemplateException("invalid type for comparison");
        if (left is null || right is null)
            return left is null && right is null ? 0 : throw new TemplateException("incompatible types for comparison");
        if (Number(left) is { } leftNumber && Number(right) is { } rightNumber)
            return left is double == right is double ? leftNumber.CompareTo(rightNumber) : throw new TemplateException("incompatible types for comparison");
        return (left, right) switch
        {
            (string a, string b) => string.CompareOrdinal(a, b),
            (bool a, bool b) when onlyEqual => a == b ? 0 : 1,
            (bool, bool) => throw new TemplateException("invalid type for comparison"),
            _ => throw new TemplateException("incompatible types for comparison"),
        };
    }

    private static decimal? Number(object value) => value switch
    {
        long or int => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        double real when Math.Abs(real) < 1e28 => (decimal)real,
        _ => null,
    };

    private static object?[] Split(string text, string separator) =>
        separator.Length == 0 ? [.. text.EnumerateRunes().Select(rune => rune.ToString())] : [.. text.Split(separator)];

    private static string Title(string text)
    {
        StringBuilder title = new(text);
        for (var at = 0; at < title.Length; at++)
        {
            bool beginsWord = at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '\'');
            if (beginsWord)
                title[at] = char.ToUpperInvariant(text[at]);
        }

        return title.ToString();
    }

    private static string Pad(string text, long before, long after)
    {
        if (text.Length == 0 || text == "\n")
            return text;
        return before is >= 0 and <= 10_000 && after is >= 0 and <= 10_000
            ? new string(' ', (int)before) + text + new string(' ', (int)after)
            : throw new TemplateException("strings: negative Repeat count");
    }

    private static string Truncate(string text, long length) =>
        text.Length < length ? text : length >= 0 ? text[..(int)length] : throw new TemplateException($"runtime error: slice bounds out of range [:{length}]");

    private static string EscapeHtml(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);

    private static string EscapeScript(string text)
    {
        StringBuilder escaped = new();
        foreach (char character in text)
        {
            _ = character switch
            {
                '\\' => escaped.Append("\\\\"),
                '\'' => escaped.Append("\\'"),
                '"' => escaped.Append("\\\""),
                '<' or '>' or '&' or '=' or < ' ' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }
}
