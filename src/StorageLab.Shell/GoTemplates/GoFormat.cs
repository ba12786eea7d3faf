using System.Globalization;
using System.Text;

namespace StorageLab.Shell.GoTemplates;

/// <summary>Values as Go's fmt package prints them.</summary>
public static class GoFormat
{
    /// <summary>As <c>%v</c>.</summary>
    public static string Value(object? value) => value switch
    {
        null => "<nil>",
        string text => text,
        bool truth => truth ? "true" : "false",
        double real => FormatG(real, null),
        GoStruct structure => "{" + string.Join(' ', structure.Fields.Select(field => Value(field.Value()))) + "}",
        IReadOnlyList<object?> list => "[" + string.Join(' ', list.Select(Value)) + "]",
        IReadOnlyDictionary<string, object?> map =>
            "map[" + string.Join(' ', map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{Value(pair.Value)}")) + "]",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>As fmt.Sprint: blanks between operands when neither side is a text.</summary>
    public static string Print(IReadOnlyList<object?> operands)
    {
        StringBuilder text = new();
        for (var index = 0; index < operands.Count; index++)
        {
            if (index > 0 && operands[index] is not string && operands[index - 1] is not string)
                text.Append(' ');
            text.Append(Value(operands[index]));
        }

        return text.ToString();
    }

    /// <summary>As fmt.Sprintf, with its complaints in the text.</summary>
    public static string Printf(string format, IReadOnlyList<object?> operands)
    {
        StringBuilder text = new();
        var next = 0;
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }

            if (++at >= format.Length)
            {
                text.Append("%!(NOVERB)");
                break;
            }

            int start = at;
            while (at < format.Length && format[at] is '-' or '+' or '#' or ' ' or '0')
                at++;
            string flags = format[start..at];
            int? width = ReadNumber(format, ref at);
            int? precision = null;
            if (at < format.Length && format[at] == '.')
            {
                at++;
                precision = ReadNumber(format, ref at) ?? 0;
            }

            if (at >= format.Length)
            {
                text.Append("%!(NOVERB)");
                break;
            }

            char verb = format[at];
            if (verb == '%')
                text.Append('%');
            else if (next >= operands.Count)
                text.Append(CultureInfo.InvariantCulture, $"%!{verb}(MISSING)");
            else
                text.Append(Pad(Verb(verb, operands[next++], flags, precision), flags, width));
        }

        if (next < operands.Count)
        {
            text.Append("%!(EXTRA ")
                .AppendJoin(", ", operands.Skip(next).Select(operand => operand is null ? "<nil>" : $"{TypeName(operand)}={Value(operand)}")).Append(')');
        }

        return text.ToString();
    }

    /// <summary>As <c>%q</c> and strconv.Quote.</summary>
    public static string Quote(string value)
    {
        StringBuilder text = new("\"");
        foreach (Rune rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\a' => text.Append("\\a"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\v' => text.Append("\\v"),
                < ' ' or 0x7f => text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                _ => text.Append(rune.ToString()),
            };
        }

        return text.Append('"').ToString();
    }

    /// <summary>As strconv.Unquote of a text in double quotes; null when it is malformed.</summary>
    internal static string? TryUnquote(string quoted)
    {
        StringBuilder text = new();
        for (var at = 1; at < quoted.Length - 1; at++)
        {
            if (quoted[at] != '\\')
            {
                text.Append(quoted[at]);
                continue;
            }

            at++;
            int digits = quoted[at] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            if (digits > 0)
            {
                if (at + digits > quoted.Length - 2
                    || !int.TryParse(quoted.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
                    || !Rune.IsValid(code))
                    return null;
                text.Append(new Rune(code).ToString());
                at += digits;
                continue;
            }

            char? character = quoted[at] switch
            {
                'a' => '\a',
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\v',
                '\\' or '\'' or '"' => quoted[at],
                _ => null,
            };
            if (character is null)
                return null;
            text.Append(character);
        }

        return text.ToString();
    }

    /// <summary>As <c>%#U</c>: the code point and the character.</summary>
    internal static string Unicode(string text, int at)
    {
        Rune rune = at < text.Length && Rune.TryGetRuneAt(text, at, out Rune found) ? found : new Rune(0xFFFD);
        return rune.Value is >= ' ' and not 0x7f and not 0xFFFD ? $"U+{rune.Value:X4} '{rune}'" : $"U+{rune.Value:X4}";
    }

    /// <summary>As <c>%g</c>: the shortest digits that read back, or so many significant ones.</summary>
    public static string FormatG(double value, int? precision)
    {
        if (value == 0)
            return "0";
        string digits = precision is { } count ? value.ToString($"E{Math.Max(count, 1) - 1}", CultureInfo.InvariantCulture) : Shortest(value);
        int e = digits.IndexOf('E');
        int exponent = int.Parse(digits.AsSpan(e + 1), CultureInfo.InvariantCulture);
        string mantissa = digits[..e].TrimStart('-').Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
        if (mantissa.Length == 0)
            mantissa = "0";
        string sign = value < 0 ? "-" : "";
        int limit = precision ?? 21;
        if (exponent < -4 || exponent >= limit)
        {
            string fraction = mantissa.Length > 1 ? "." + mantissa[1..] : "";
            return $"{sign}{mantissa[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):D2}";
        }

        if (exponent < 0)
            return sign + "0." + new string('0', -exponent - 1) + mantissa;
        return mantissa.Length <= exponent + 1
            ? sign + mantissa.PadRight(exponent + 1, '0')
            : $"{sign}{mantissa[..(exponent + 1)]}.{mantissa[(exponent + 1)..]}";
    }

    /// <summary>A number as JSON has it.</summary>
    internal static string FormatShortest(double value) => FormatG(value, null);

    /// <summary>A value's type as Go's errors name it.</summary>
    internal static string TypeName(object? value) => value switch
    {
        null => "<nil>",
        string => "string",
        bool => "bool",
        long => "int64",
        int => "int",
        double => "float64",
        GoStruct structure => structure.TypeName,
        IReadOnlyList<object?> => "[]interface {}",
        _ => "map[string]interface {}",
    };

    private static string Shortest(double value)
    {
        for (var count = 0; count <= 16; count++)
        {
            string candidate = value.ToString($"E{count}", CultureInfo.InvariantCulture);
            if (double.Parse(candidate, CultureInfo.InvariantCulture).Equals(value))
                return candidate;
        }

        return value.ToString("E16", CultureInfo.InvariantCulture);
    }

    private static string Verb(char verb, object? value, string flags, int? precision) => (verb, value) switch
    {
        ('v', _) => Value(value),
        ('s', string text) => precision is { } count && text.Length > count ? text[..count] : text,
        ('s', bool or long or int or double) => $"%!s({TypeName(value)}={Value(value)})",
        ('s', null) => "%!s(<nil>)",
        ('s', _) => Value(value),
        ('q', string text) => Quote(text),
        ('d', long or int) => (flags.Contains('+') && Convert.ToInt64(value, CultureInfo.InvariantCulture) >= 0 ? "+" : "") + Value(value),
        ('x', long or int) => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString("x", CultureInfo.InvariantCulture),
        ('X', long or int) => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString("X", CultureInfo.InvariantCulture),
        ('x', string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        ('t', bool) => Value(value),
        ('f' or 'F', double real) => real.ToString($"F{precision ?? 6}", CultureInfo.InvariantCulture),
        ('e', double real) => real.ToString($"0.{new string('0', precision ?? 6)}e+00", CultureInfo.InvariantCulture),
        ('g', double real) => FormatG(real, precision),
        ('T', _) => TypeName(value),
        _ => value is null ? $"%!{verb}(<nil>)" : $"%!{verb}({TypeName(value)}={Value(value)})",
    };

    private static string Pad(string text, string flags, int? width)
    {
        if (width is not { } columns || text.Length >= columns)
            return text;
        if (flags.Contains('-'))
            return text.PadRight(columns);
        return flags.Contains('0') ? text.PadLeft(columns, '0') : text.PadLeft(columns);
    }

    private static int? ReadNumber(string format, ref int at)
    {
        int start = at;
        while (at < format.Length && at - start < 6 && char.IsAsciiDigit(format[at]))
            at++;
        return at > start ? int.Parse(format.AsSpan(start, at - start), CultureInfo.InvariantCulture) : null;
    }
}
