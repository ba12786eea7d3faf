using System.Formats.Tar;

namespace StorageLab.Scenarios.Archives;

/// <summary>An image archive in a tar: its entries are found once, and opened where they lie.</summary>
internal sealed class TarSource : IArchiveSource
{
    /// <summary>Files of an archive: a few per layer.</summary>
    private const int EntryCountMax = 100_000;

    /// <summary>Old Docker versions link a layer to an equal one; a longer chain is a loop or a joke.</summary>
    private const int LinkCountMax = 4;

    private readonly FileStream _file;
    private readonly Dictionary<string, (long Offset, long Length)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    /// <param name="file">The uncompressed tar; disposed with this.</param>
    public TarSource(FileStream file)
    {
        _file = file;
        file.Position = 0;
        using TarReader reader = new(new MeasuredStream(file, long.MaxValue, null), leaveOpen: true);
        while (TarEntries.Next(reader) is { } entry)
            Add(entry);
    }

    public Stream? Open(string path)
    {
        for (var hop = 0; hop <= LinkCountMax; hop++)
        {
            if (ArchivePath.Clean(path) is not { Length: > 0 } clean)
                throw new ArchiveException($"path '{LayerLimits.Shown(path)}' leads out of the archive");
            if (_files.TryGetValue(clean, out (long Offset, long Length) place))
                return new ExtentStream(_file, place.Offset, place.Length);
            if (!_links.TryGetValue(clean, out string? target))
                return null;
            path = ArchivePath.Clean(target) ?? target;
        }

        throw new ArchiveException($"'{LayerLimits.Shown(path)}' is a link in a loop");
    }

    public void Dispose() => _file.Dispose();

    private void Add(TarEntry entry)
    {
        if (_files.Count + _links.Count >= EntryCountMax)
            throw new ArchiveException($"has more than {EntryCountMax} entries; an image archive holds a few per layer");
        if (ArchivePath.Clean(entry.Name) is not { } name)
            throw new ArchiveException($"entry '{LayerLimits.Shown(entry.Name)}' leads out of the archive");
        if (entry.EntryType == TarEntryType.SymbolicLink)
            _links[name] = $"{Path.GetDirectoryName(name)}/{entry.LinkName}";
        else if (entry.EntryType == TarEntryType.HardLink)
            _links[name] = entry.LinkName;
        else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            AddFile(name, entry.DataOffset, entry.Length);
    }

    private void AddFile(string name, long offset, long length)
    {
        if (length > 0 && (offset < 0 || length > _file.Length - offset))
            throw new ArchiveException($"is truncated: '{LayerLimits.Shown(name)}' has {length} bytes, and the file ends before them");
        _files[name] = (Math.Max(0, offset), length);
    }
}
