using System.Formats.Tar;
using System.Globalization;
using StorageLab.Model.Images;

namespace StorageLab.Host.Docker;

/// <summary>Writes a layer as the tar archive that Docker unpacks: every entry of its listing, with bytes of the right number.</summary>
public static class LayerTar
{
    private const string WhiteoutPrefix = ".wh.";
    private const string OpaqueMarker = ".wh..wh..opq";

    /// <summary>Bits of a mode that let somebody execute the file (octal 111).</summary>
    private const int ExecuteBits = 0x49;

    /// <summary>Files are dated in the year from here on.</summary>
    private static readonly DateTimeOffset Epoch = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int DatesCount = 366 * 86400;

    /// <summary>Two empty records end an archive.</summary>
    private const int EndBytes = 1024;

    /// <summary>Writes the layer. The same layer gives the same bytes; layers that differ in nothing but their content differ in their files' date.</summary>
    /// <param name="layer">What it unpacks to, and its identity.</param>
    /// <param name="names">The table its names are in.</param>
    /// <param name="output">Left open.</param>
    public static void Write(ImageLayer layer, NameTable names, Stream output)
    {
        DateTimeOffset date = DateOf(layer.DiffId);
        ReadOnlySpan<LayerEntry> entries = layer.Content.Entries;
        var paths = new string[entries.Length];
        var isEmpty = true;
        using TarWriter tar = new(output, TarEntryFormat.Gnu, leaveOpen: true);
        for (var index = 0; index < entries.Length; index++)
        {
            LayerEntry entry = entries[index];
            string parent = entry.ParentIndex < 0 ? "" : paths[entry.ParentIndex] + "/";
            paths[index] = entry.Kind == LayerEntryKind.OpaqueMarker ? parent + OpaqueMarker : parent + names.NameOf(entry.Name);
            if (EntryOf(entry, parent, paths, index, names) is not { } made)
                continue;
            made.Mode = (UnixFileMode)entry.Mode;
            made.ModificationTime = date;
            tar.WriteEntry(made);
            isEmpty = false;
        }

        // The writer ends an archive only if it began one.
        if (isEmpty)
            output.Write(stackalloc byte[EndBytes]);
    }

    private static GnuTarEntry? EntryOf(LayerEntry entry, string parent, string[] paths, int index, NameTable names) => entry.Kind switch
    {
        LayerEntryKind.Directory => new GnuTarEntry(TarEntryType.Directory, paths[index] + "/"),
        LayerEntryKind.File => new GnuTarEntry(TarEntryType.RegularFile, paths[index])
        {
            DataStream = new ContentStream(paths[index], entry.SizeBytes, (entry.Mode & ExecuteBits) != 0),
        },
        LayerEntryKind.Symlink => new GnuTarEntry(TarEntryType.SymbolicLink, paths[index]) { LinkName = names.TextOf(new LinkTarget(entry.LinkIndex, (int)entry.SizeBytes)) },
        LayerEntryKind.HardLink => new GnuTarEntry(TarEntryType.HardLink, paths[index]) { LinkName = paths[entry.LinkIndex] },
        LayerEntryKind.Special => new GnuTarEntry(TarEntryType.Fifo, paths[index]),
        LayerEntryKind.Whiteout => new GnuTarEntry(TarEntryType.RegularFile, parent + WhiteoutPrefix + names.NameOf(entry.Name)),
        LayerEntryKind.OpaqueMarker => new GnuTarEntry(TarEntryType.RegularFile, paths[index]),
        // What the archive does not name itself is made by whoever unpacks it.
        _ => null,
    };

    private static DateTimeOffset DateOf(string diffId)
    {
        ReadOnlySpan<char> hex = ContentIds.Hex(diffId).AsSpan(0, 8);
        return Epoch.AddSeconds(uint.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) % DatesCount);
    }
}
