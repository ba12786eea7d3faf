using System.Text;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.GoTemplates;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Formats;

/// <summary>Writes what a command lists in the form that <c>--format</c> asks for.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/formatter/formatter.go.</remarks>
internal static class OutputFormat
{
    public const string Table = "table";
    public const string Raw = "raw";

    public static bool IsTable(string format) => format.StartsWith(Table, StringComparison.Ordinal);

    /// <param name="headings">A table's headings by field.</param>
    /// <param name="rows">What is listed.</param>
    /// <param name="problem">What the client says before Go's error.</param>
    /// <returns>How many lines each row has.</returns>
    /// <exception cref="CommandException">The template is malformed or asks for what a row has not; nothing was written.</exception>
    public static IReadOnlyList<int> Write(
        TextWriter output, string format, IReadOnlyDictionary<string, object?> headings, IEnumerable<GoStruct> rows, string problem = "template parsing error")
    {
        StringBuilder body = new();
        List<int> lineCounts = [];
        try
        {
            GoTemplate template = Parse(format);
            foreach (GoStruct row in rows)
            {
                string line = template.Execute(row);
                lineCounts.Add(1 + line.AsSpan().Count('\n'));
                body.Append(line).Append('\n');
            }

            if (IsTable(format))
                output.Write(TabWriter.Align(template.ExecuteHeading(headings) + "\n" + body));
            else
                output.Write(body);
            return lineCounts;
        }
        catch (TemplateException e)
        {
            throw new CommandException($"{problem}: {e.Message}");
        }
    }

    /// <summary>Reads what stands in <c>--format</c>, where a backslash with t or n is a tab or a line's end.</summary>
    /// <exception cref="CommandException">The template is malformed.</exception>
    public static GoTemplate Parse(string format)
    {
        string text = (IsTable(format) ? format[Table.Length..] : format).Trim(' ')
            .Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        try
        {
            return GoTemplate.Parse(text);
        }
        catch (TemplateException e)
        {
            throw new CommandException($"template parsing error: {e.Message}");
        }
    }

    /// <summary>A row as a formatting context: its fields are methods, and its JSON has them in alphabetical order.</summary>
    /// <param name="typeName">The context in Go, with its package where that is not the formatter's.</param>
    /// <param name="fields">Its methods.</param>
    public static GoStruct Row(string typeName, params ReadOnlySpan<(string Name, Func<object?> Value)> fields)
    {
        List<GoField> sorted = [];
        foreach ((string name, Func<object?> value) in fields)
            sorted.Add(new GoField(name, value));
        sorted.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return new GoStruct(typeName.Contains('.') ? $"*{typeName}" : $"*formatter.{typeName}", sorted) { HasMethods = true };
    }
}
