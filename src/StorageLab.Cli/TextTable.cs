using System.Collections.Immutable;

namespace StorageLab.Cli;

/// <summary>A table of plain text: columns as wide as what they hold, the same at any width of the terminal and in a file.</summary>
/// <remarks>Only the last column may be prose; on a terminal it is broken at blanks, below itself or, where that leaves no room, below the row.</remarks>
/// <param name="headers">Names of the columns; none are printed where all are empty.</param>
/// <param name="rightAligned">Indices of the columns of numbers.</param>
internal sealed class TextTable(ImmutableArray<string> headers, params ImmutableArray<int> rightAligned)
{
    private const string Gap = "  ";
    private const int ProseWidthMin = 30;
    private const int ProseIndent = 6;

    private readonly List<ImmutableArray<string>> _rows = [];

    public void Add(params ImmutableArray<string> cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, headers.Length);
        _rows.Add(cells);
    }

    /// <summary>Prints the table.</summary>
    /// <param name="indent">Blanks before every line.</param>
    /// <param name="width">Where prose in the last column is broken; 0 never breaks.</param>
    public void Print(TextWriter output, int indent = 0, int width = 0)
    {
        int[] widths = [.. Enumerable.Range(0, headers.Length).Select(column => _rows.Append(headers).Max(row => row[column].Length))];
        if (headers.Any(header => header.Length > 0))
            PrintRow(output, headers, widths, indent, 0);
        foreach (ImmutableArray<string> row in _rows)
            PrintRow(output, row, widths, indent, width);
    }

    private void PrintRow(TextWriter output, ImmutableArray<string> row, int[] widths, int indent, int width)
    {
        string line = new(' ', indent);
        for (var column = 0; column < row.Length - 1; column++)
            line += Padded(row[column], widths[column], column) + Gap;
        string last = row[^1];
        if (width == 0 || line.Length + last.Length <= width)
        {
            output.WriteLine((line + Padded(last, widths[^1], row.Length - 1)).TrimEnd());
            return;
        }

        int hang = width - line.Length >= ProseWidthMin ? line.Length : indent + ProseIndent;
        if (hang != line.Length)
        {
            output.WriteLine(line.TrimEnd());
            line = new string(' ', hang);
        }

        foreach (string piece in Broken(last, Math.Max(width - hang, ProseWidthMin)))
        {
            output.WriteLine((line + piece).TrimEnd());
            line = new string(' ', hang);
        }
    }

    private string Padded(string cell, int width, int column) => rightAligned.Contains(column) ? cell.PadLeft(width) : cell.PadRight(width);

    private static IEnumerable<string> Broken(string prose, int width)
    {
        var line = "";
        foreach (string word in prose.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
