using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace StorageLab.Scenarios.Yaml;

/// <summary>Reads one YAML document into a tree that knows its places.</summary>
/// <remarks>Built on the parser's events, so that depth and size are bounded before anything is built. Anchors and aliases are refused:
/// a few lines of them can stand for billions of nodes, and <c>repeat</c> says the same better.</remarks>
internal static class YamlTreeReader
{
    /// <summary>No scenario that people write nests deeper than a dozen.</summary>
    private const int DepthMax = 40;

    /// <summary>A scenario of a million characters is a program's output, not a person's.</summary>
    public const int LengthMax = 4 << 20;

    /// <summary>Reads the text; null, with at least one problem added, when it is not one YAML document.</summary>
    /// <param name="isJson">Whether it is called JSON, which YAML includes, in what is said of it.</param>
    public static YamlNode? Read(string text, ProblemList problems, bool isJson = false)
    {
        (string language, string advice) = isJson ? ("JSON", "check the commas, quotes and braces") : ("YAML", "check the indentation, colons, quotes and braces");
        if (text.Length > LengthMax)
        {
            problems.Add(1, 1, $"the file has {text.Length} characters; a scenario has at most {LengthMax}");
            return null;
        }

        Scanner scanner = new(new StringReader(text));
        try
        {
            Parser parser = new(scanner);
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                problems.Add(1, 1, "the file is empty");
                return null;
            }

            YamlNode? root = ReadNode(parser, problems, 0);
            if (root is null)
                return null;
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out DocumentStart? second))
            {
                problems.Add((int)second.Start.Line, (int)second.Start.Column, "a second document begins here; a file holds one");
                return null;
            }

            return root;
        }
        catch (YamlException e)
        {
            problems.Add((int)e.Start.Line, (int)e.Start.Column, $"not {language}: {Reworded(e.Message)}; {advice}");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            // YamlDotNet's scanner gives up on some texts (a plain scalar in brackets that runs into a colon) with whatever went wrong
            // inside.
            problems.Add((int)scanner.CurrentPosition.Line, (int)scanner.CurrentPosition.Column, $"not {language}; {advice}");
            return null;
        }
    }

    private static YamlNode? ReadNode(Parser parser, ProblemList problems, int depth)
    {
        ParsingEvent next = parser.Consume<ParsingEvent>();
        (int line, int column) = ((int)next.Start.Line, (int)next.Start.Column);
        if (next is AnchorAlias || next is NodeEvent { Anchor.IsEmpty: false })
        {
            problems.Add(line, column, "anchors (&) and aliases (*) are not read; use repeat, or write it out");
            return null;
        }

        if (depth > DepthMax)
        {
            problems.Add(line, column, $"nested more than {DepthMax} deep");
            return null;
        }

        return next switch
        {
            Scalar scalar => new YamlText(line, column, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => ReadList(parser, problems, line, column, depth),
            MappingStart => ReadMap(parser, problems, line, column, depth),
            _ => throw new YamlException(next.Start, next.End, "expected a value"),
        };
    }

    private static YamlList? ReadList(Parser parser, ProblemList problems, int line, int column, int depth)
    {
        List<YamlNode> items = [];
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(parser, problems, depth + 1) is not { } item)
                return null;
            items.Add(item);
        }

        return new YamlList(line, column, items);
    }

    private static YamlMap? ReadMap(Parser parser, ProblemList problems, int line, int column, int depth)
    {
        List<KeyValuePair<YamlText, YamlNode>> entries = [];
        HashSet<string> keys = new(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(parser, problems, depth + 1) is not { } key)
                return null;
            if (key is not YamlText name)
            {
                problems.Add(key, "a key must be a word; quote a value that holds braces or brackets");
                return null;
            }

            if (ReadNode(parser, problems, depth + 1) is not { } value)
                return null;
            if (keys.Add(name.Value))
                entries.Add(new(name, value));
            else
                problems.Add(name, $"'{name.Value}' is given twice; keep one");
        }

        return new YamlMap(line, column, entries);
    }

    private static string Reworded(string message)
    {
        string line = message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return line.Length == 0 ? line : char.ToLowerInvariant(line[0]) + line[1..];
    }
}
