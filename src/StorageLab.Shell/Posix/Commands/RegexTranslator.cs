using System.Text;
using System.Text.RegularExpressions;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>POSIX regular expressions as .NET's, which cost linear time on any input.</summary>
/// <remarks>Source: POSIX.1-2017, Regular Expressions, 9.3 and 9.4, with GNU's <c>\|</c>, <c>\+</c>, <c>\?</c>, <c>\s</c>, <c>\w</c> and <c>\b</c>.</remarks>
internal static class RegexTranslator
{
    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["alpha"] = "a-zA-Z", ["digit"] = "0-9", ["alnum"] = "a-zA-Z0-9", ["upper"] = "A-Z", ["lower"] = "a-z", ["space"] = @"\s",
        ["blank"] = @" \t", ["punct"] = @"!-/:-@\[-`{-~", ["xdigit"] = "0-9A-Fa-f", ["print"] = @"\x20-\x7E", ["graph"] = @"\x21-\x7E", ["cntrl"] = @"\x00-\x1F\x7F",
    };

    /// <summary>Makes a pattern.</summary>
    /// <param name="isExtended">Extended syntax (grep -E, awk) instead of basic.</param>
    /// <exception cref="ArgumentException">It is no pattern, or one that the lab does not support.</exception>
    public static Regex Translate(string pattern, bool isExtended, bool ignoresCase)
    {
        try
        {
            RegexOptions options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | (ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            return new Regex(ToDotNet(pattern, isExtended), options);
        }
        catch (Exception e) when (e is NotSupportedException or RegexParseException)
        {
            throw new ArgumentException($"'{pattern}' is no regular expression that is supported here", e);
        }
    }

    private static string ToDotNet(string pattern, bool isExtended)
    {
        StringBuilder result = new();
        for (var index = 0; index < pattern.Length; index++)
        {
            char c = pattern[index];
            if (c == '[')
            {
                index = AppendBracket(pattern, index, result);
            }
            else if (c == '\\' && index + 1 < pattern.Length)
            {
                char next = pattern[++index];
                result.Append((next, isExtended) switch
                {
                    ('(' or ')' or '{' or '}' or '|' or '+' or '?', false) => next.ToString(),
                    ('s' or 'S' or 'w' or 'W' or 'b' or 'B', _) => "\\" + next,
                    ('<' or '>', _) => "\\b",
                    ( >= '1' and <= '9', _) => throw new NotSupportedException("back-references"),
                    _ => Regex.Escape(next.ToString()),
                });
            }
            else if (isExtended ? c is '.' or '^' or '$' or '*' or '(' or ')' or '|' or '+' or '?' or '{' or '}' : IsSpecialInBasic(pattern, index))
            {
                result.Append(c);
            }
            else
            {
                result.Append(Regex.Escape(c.ToString()));
            }
        }

        return result.ToString();
    }

    /// <summary>In basic syntax * is itself at the beginning, and anchors are themselves anywhere but at the ends.</summary>
    private static bool IsSpecialInBasic(string pattern, int index)
    {
        bool isFirst = index == 0 || pattern[..index].EndsWith("\\(", StringComparison.Ordinal) || pattern[..index].EndsWith("\\|", StringComparison.Ordinal);
        return pattern[index] switch
        {
            '.' => true,
            '*' => !isFirst && pattern[..index] != "^",
            '^' => isFirst,
            '$' => index == pattern.Length - 1 || pattern[(index + 1)..].StartsWith("\\)", StringComparison.Ordinal)
                || pattern[(index + 1)..].StartsWith("\\|", StringComparison.Ordinal),
            _ => false,
        };
    }

    /// <returns>Index of the closing bracket.</returns>
    private static int AppendBracket(string pattern, int start, StringBuilder result)
    {
        int index = start + 1;
        result.Append('[');
        if (index < pattern.Length && pattern[index] == '^')
        {
            result.Append('^');
            index++;
        }

        // A bracket that comes first is one of the characters.
        for (int first = index; index < pattern.Length && (pattern[index] != ']' || index == first); index++)
        {
            int end = pattern[index] == '[' && index + 1 < pattern.Length && pattern[index + 1] == ':' ? pattern.IndexOf(":]", index, StringComparison.Ordinal) : -1;
            if (end > 0 && Classes.TryGetValue(pattern[(index + 2)..end], out string? members))
            {
                result.Append(members);
                index = end + 1;
            }
            else if (pattern[index] is '\\' or '[' or ']' or '^')
            {
                result.Append('\\').Append(pattern[index]);
            }
            else
            {
                result.Append(pattern[index]);
            }
        }

        if (index >= pattern.Length)
            throw new NotSupportedException("an open bracket");
        result.Append(']');
        return index;
    }
}
