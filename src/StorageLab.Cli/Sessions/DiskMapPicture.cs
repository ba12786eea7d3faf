using Spectre.Console;
using StorageLab.Model.Maps;
using StorageLab.Reports;

namespace StorageLab.Cli.Sessions;

/// <summary>Draws a disk map as cells of text: what most of a cell holds gives its colour or letter, how full it is its shade.</summary>
internal static class DiskMapPicture
{
    private const int RowCountMax = 12;
    private const int WidthMax = 120;

    private static readonly (BlockUse Use, char Letter, string Colour, string Text)[] Legend =
    [
        (BlockUse.Live, 'L', "green", "live"),
        (BlockUse.Shared, 'S', "blue", "shared by several"),
        (BlockUse.Held, 'h', "red", "freed in the pool, held by the file"),
        (BlockUse.Other, 'o', "grey", "Docker's own files"),
        (BlockUse.Free, '.', "grey", "free"),
    ];

    /// <param name="width">Columns of the terminal.</param>
    /// <param name="isPlain">Letters instead of colours.</param>
    public static void Print(IAnsiConsole console, DiskMap map, int width, bool isPlain)
    {
        int columns = Math.Clamp(width - 2, 20, WidthMax);
        long shownBytes = Math.Max(map.EndBytes, 1);
        // A cell has a round size, so that its meaning can be said.
        long cellBytes = 64 << 10;
        while (cellBytes * columns * RowCountMax < shownBytes)
            cellBytes *= 2;
        var cells = new long[(int)((shownBytes + cellBytes - 1) / cellBytes), Legend.Length];
        foreach (DiskRun run in map.Runs)
        {
            int column = Array.FindIndex(Legend, entry => entry.Use == run.Use);
            for (long at = run.StartBytes, end = run.StartBytes + run.LengthBytes; at < end;)
            {
                long next = Math.Min(end, ((at / cellBytes) + 1) * cellBytes);
                cells[at / cellBytes, column] += next - at;
                at = next;
            }
        }

        Console.Out.WriteLine($"{map.Title}: {IecBytes.Format(map.TotalBytes)}, drawn up to {IecBytes.Format(shownBytes)}, a cell is {IecBytes.Format(cellBytes)}");
        for (var start = 0; start < cells.GetLength(0); start += columns)
        {
            string line = "";
            for (int cell = start; cell < Math.Min(start + columns, cells.GetLength(0)); cell++)
                line += Cell(cells, cell, cellBytes, isPlain);
            console.MarkupLine(line);
        }

        foreach ((BlockUse use, char letter, string colour, string text) in Legend)
        {
            long bytes = map.BytesOf(use);
            if (bytes > 0)
                console.MarkupLine($"  {(isPlain ? letter : $"[{colour}]{(use == BlockUse.Free ? '·' : '█')}[/]")} {IecBytes.Format(bytes),10}  {text}");
        }
    }

    private static string Cell(long[,] cells, int cell, long cellBytes, bool isPlain)
    {
        var best = Legend.Length - 1;
        long usedBytes = 0;
        for (var use = 0; use < Legend.Length - 1; use++)
        {
            usedBytes += cells[cell, use];
            if (cells[cell, use] > (best == Legend.Length - 1 ? 0 : cells[cell, best]))
                best = use;
        }

        if (isPlain)
            return Legend[best].Letter.ToString();
        char shade = usedBytes == 0 ? '·' : usedBytes * 4 < cellBytes ? '░' : usedBytes * 4 < cellBytes * 3 ? '▒' : '█';
        return $"[{Legend[best].Colour}]{shade}[/]";
    }
}
