using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.Images;
using StorageLab.Scenarios.Listings;

namespace StorageLab.Scenarios;

/// <summary>Reads listings of layers: CSV, plain or gzip, one row per archive entry, columns found by their names.</summary>
/// <remarks>Needed columns: path, type (file, dir, symlink, hardlink, whiteout, opaque, char, block, fifo), size in bytes and linkname;
/// layer_index (from 0, rows in order) when a file lists several layers; mode in octal, where it is known. Other columns are passed over. A whiteout's path is the name it
/// hides,
/// an opaque row's path the directory it empties.</remarks>
public static class LayerListingReader
{
    /// <summary>Octal 7777: permissions with the set-id and sticky bits.</summary>
    private const int ModeMax = 4095;

    private static readonly string[] NeededColumns = ["path", "type", "size", "linkname"];

    /// <summary>Reads a listing from a file.</summary>
    /// <returns>The layers, bottom first.</returns>
    /// <exception cref="InputException">The file is missing, truncated or malformed.</exception>
    public static ImmutableArray<LayerContent> Read(string path, NameTable names)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using Stream content = GzipFile.Unpacked(file);
            return Read(content, path, names);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read as a listing: {e.Message.TrimEnd('.')}");
        }
    }

    internal static ImmutableArray<LayerContent> Read(Stream content, string file, NameTable names)
    {
        using StreamReader text = new(content, bufferSize: 1 << 16);
        CsvRows rows = new(text);
        if (!rows.Read())
            throw new InputException(file, "is empty; a listing begins with its column names");
        Columns columns = new(rows, file);
        List<LayerContentBuilder> layers = [];
        LayerLimits limits = new();
        while (rows.Read())
        {
            int line = rows.Line;
            if (rows.Count < columns.Count)
                throw Bad(file, line, $"has {rows.Count} fields; the header names {columns.Count}");
            var index = 0;
            if (columns.LayerIndex >= 0 && !int.TryParse(rows[columns.LayerIndex], NumberStyles.None, CultureInfo.InvariantCulture, out index))
                throw Bad(file, line, $"layer_index is '{LayerLimits.Shown(rows[columns.LayerIndex].ToString())}'; it is a whole number");
            if (index == layers.Count && index < LayerLimits.LayerCountMax)
            {
                layers.Add(new LayerContentBuilder(names));
                limits = new();
            }
            else if (index != layers.Count - 1)
            {
                throw Bad(file, line, $"layer_index is {index} after {layers.Count - 1}; layers follow each other, at most {LayerLimits.LayerCountMax}");
            }

            AddRow(rows, columns, layers[^1], limits, file);
        }

        return [.. layers.Select(layer => layer.Build())];
    }

    private static void AddRow(CsvRows rows, Columns columns, LayerContentBuilder layer, LayerLimits limits, string file)
    {
        if (!long.TryParse(rows[columns.Size], NumberStyles.None, CultureInfo.InvariantCulture, out long sizeBytes))
            throw Bad(file, rows.Line, $"size is '{LayerLimits.Shown(rows[columns.Size].ToString())}'; it is a whole number of bytes");
        LayerEntryKind kind = rows[columns.Type] switch
        {
            "file" => LayerEntryKind.File,
            "dir" => LayerEntryKind.Directory,
            "symlink" => LayerEntryKind.Symlink,
            "hardlink" => LayerEntryKind.HardLink,
            "whiteout" => LayerEntryKind.Whiteout,
            "opaque" => LayerEntryKind.OpaqueMarker,
            "char" or "block" or "fifo" => LayerEntryKind.Special,
            var other => throw Bad(file, rows.Line,
                $"type is '{LayerLimits.Shown(other.ToString())}'; it is file, dir, symlink, hardlink, whiteout, opaque, char, block or fifo"),
        };
        try
        {
            if (kind == LayerEntryKind.HardLink)
                layer.AddHardLink(rows[columns.Path].ToString(), rows[columns.LinkName]);
            else if (kind == LayerEntryKind.Symlink)
                layer.AddSymlink(rows[columns.Path], rows[columns.LinkName]);
            else
                layer.Add(rows[columns.Path], kind, kind == LayerEntryKind.File ? sizeBytes : 0, ModeOf(rows, columns, file));
        }
        catch (ArgumentException e)
        {
            throw Bad(file, rows.Line, $"path '{LayerLimits.Shown(rows[columns.Path].ToString())}': {LayerLimits.FirstLine(e)}");
        }

        if (limits.Exceeded(layer.Count, kind == LayerEntryKind.File ? sizeBytes : 0) is { } problem)
            throw Bad(file, rows.Line, problem);
    }

    /// <summary>A row without a mode has that of a program or a directory.</summary>
    private static ushort ModeOf(CsvRows rows, Columns columns, string file)
    {
        if (columns.Mode < 0 || rows[columns.Mode].IsEmpty)
            return LayerEntry.DefaultMode;
        var mode = 0;
        foreach (char digit in rows[columns.Mode])
        {
            if (digit is < '0' or > '7' || (mode = (mode * 8) + (digit - '0')) > ModeMax)
                throw Bad(file, rows.Line, $"mode is '{LayerLimits.Shown(rows[columns.Mode].ToString())}'; it is octal, such as 0755, at most 7777");
        }

        return (ushort)mode;
    }

    private static InputException Bad(string file, int line, string message) => new([new InputProblem(file, line, 1, message)]);

    private sealed class Columns
    {
        public Columns(CsvRows header, string file)
        {
            Count = header.Count;
            for (var column = 0; column < Count; column++)
            {
                switch (header[column])
                {
                    case "layer_index": LayerIndex = column; break;
                    case "path": Path = column; break;
                    case "type": Type = column; break;
                    case "size": Size = column; break;
                    case "linkname": LinkName = column; break;
                    case "mode": Mode = column; break;
                }
            }

            if (Math.Min(Math.Min(Path, Type), Math.Min(Size, LinkName)) < 0)
                throw Bad(file, 1, $"the header must name the columns {string.Join(", ", NeededColumns)}");
        }

        public int Count { get; }

        public int LayerIndex { get; } = -1;

        public int Path { get; } = -1;

        public int Type { get; } = -1;

        public int Size { get; } = -1;

        public int LinkName { get; } = -1;

        public int Mode { get; } = -1;
    }
}
