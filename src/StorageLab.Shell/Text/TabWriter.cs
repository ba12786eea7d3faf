using System.Text;

namespace StorageLab.Shell.Text;

/// <summary>Aligns cells that tabs end into columns, as Go's text/tabwriter does.</summary>
/// <remarks>
/// A column is a run of lines that have the cell; its width is that of its widest cell and the padding. What follows a line's last
/// tab belongs to no column. Source: docker/cli v20.10, cli/command/formatter/tabwriter, made with (10, 1, 3, ' ').
/// </remarks>
public static class TabWriter
{
    private const int DockerMinimumWidth = 10;
    private const int DockerPadding = 3;

    /// <param name="minimumWidth">Of a column, its padding counted.</param>
    /// <param name="padding">Blanks after a column's widest cell.</param>
    public static string Align(string text, int minimumWidth = DockerMinimumWidth, int padding = DockerPadding)
    {
        string[][] lines = [.. text.Split('\n').Select(line => line.Split('\t', '\v'))];
        StringBuilder output = new();
        Format(output, lines, 0, lines.Length, [], minimumWidth, padding);
        return output.ToString(0, output.Length - 1);
    }

    private static void Format(StringBuilder output, string[][] lines, int first, int end, List<int> widths, int minimumWidth, int padding)
    {
        int column = widths.Count;
        int next = first;
        for (int line = first; line < end; line++)
        {
            if (column >= lines[line].Length - 1)
                continue;
            Write(output, lines, next, line, widths);
            int blockStart = line;
            int width = minimumWidth;
            for (; line < end && column < lines[line].Length - 1; line++)
                width = Math.Max(width, Width(lines[line][column]) + padding);
            Format(output, lines, blockStart, line, [.. widths, width], minimumWidth, padding);
            next = line;
            line--;
        }

        Write(output, lines, next, end, widths);
    }

    private static void Write(StringBuilder output, string[][] lines, int first, int end, List<int> widths)
    {
        for (int line = first; line < end; line++)
        {
            for (var cell = 0; cell < lines[line].Length; cell++)
            {
                string text = lines[line][cell];
                output.Append(text);
                if (cell < widths.Count && cell < lines[line].Length - 1)
                    output.Append(' ', widths[cell] - Width(text));
            }

            output.Append('\n');
        }
    }

    /// <summary>Columns a text takes on a terminal: two for East Asian wide characters.</summary>
    private static int Width(string text)
    {
        var width = 0;
        foreach (Rune rune in text.EnumerateRunes())
            width += IsWide(rune.Value) ? 2 : 1;
        return width;
    }

    private static bool IsWide(int rune) =>
        rune is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0x1F300 and <= 0x1F64F) or (>= 0x20000 and <= 0x3FFFD);
}
