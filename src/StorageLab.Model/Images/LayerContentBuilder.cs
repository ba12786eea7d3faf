namespace StorageLab.Model.Images;

/// <summary>Builds a <see cref="LayerContent"/> entry by entry, in the order of an archive, from slash-separated paths.</summary>
/// <remarks>Paths are relative; a leading <c>./</c> or <c>/</c> is ignored as tar readers do. Directories that entries lie in
/// but that were not named are added as <see cref="LayerEntryKind.Implied"/>. A path named twice keeps both entries: the later one replaces
/// the earlier when it is unpacked, as tar does.</remarks>
public sealed class LayerContentBuilder(NameTable names)
{
    private readonly List<LayerEntry> _entries = [];
    private readonly Dictionary<(int Parent, NameId Name), int> _byPath = [];
    private readonly List<NameId> _components = [];

    // The directory of the entry before: archives list a directory's entries one after the other.
    private string _lastDirectory = "";
    private int _lastDirectoryIndex = -1;

    public int Count => _entries.Count;

    /// <summary>Adds an entry that is no link.</summary>
    /// <param name="sizeBytes">File content; 0 for all else.</param>
    /// <param name="mode">Permission bits.</param>
    /// <exception cref="ArgumentException">The path is empty, climbs with "..", or holds a bad name; nothing was added.</exception>
    public void Add(ReadOnlySpan<char> path, LayerEntryKind kind, long sizeBytes, ushort mode = LayerEntry.DefaultMode)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        (int parent, NameId name) = Resolve(path);
        if (kind == LayerEntryKind.OpaqueMarker)
        {
            // The marker's path is the directory it empties.
            _entries.Add(new LayerEntry(DirectoryAt(parent, name), default, kind, 0, -1));
            return;
        }

        if (kind is LayerEntryKind.Directory && _byPath.TryGetValue((parent, name), out int known)
            && _entries[known].Kind == LayerEntryKind.Implied)
        {
            _entries[known] = _entries[known] with { Kind = LayerEntryKind.Directory, Mode = mode };
            return;
        }

        Append(new LayerEntry(parent, name, kind, sizeBytes, -1, mode));
    }

    /// <exception cref="ArgumentException">The path or the target is bad; nothing was added.</exception>
    public void AddSymlink(ReadOnlySpan<char> path, ReadOnlySpan<char> target)
    {
        LinkTarget interned = names.InternTarget(target);
        (int parent, NameId name) = Resolve(path);
        Append(new LayerEntry(parent, name, LayerEntryKind.Symlink, interned.LengthBytes, interned.Id));
    }

    /// <summary>Adds a hard link to a path that was added before, or to one that lies in a lower layer.</summary>
    /// <exception cref="ArgumentException">One of the paths is bad, or the links lead round in a circle.</exception>
    public void AddHardLink(ReadOnlySpan<char> path, ReadOnlySpan<char> targetPath)
    {
        (int targetParent, NameId targetName) = Resolve(targetPath);
        (int parent, NameId name) = Resolve(path);
        int target = DirectoryAt(targetParent, targetName);
        // A link to a link is one to the file itself.
        if (_entries[target].Kind == LayerEntryKind.HardLink)
            target = _entries[target].LinkIndex;
        if (_entries[target] is { Kind: LayerEntryKind.Implied } file && (file.ParentIndex, file.Name) == (parent, name))
            throw new ArgumentException("its hard links lead round in a circle", nameof(targetPath));
        Append(new LayerEntry(parent, name, LayerEntryKind.HardLink, 0, target));
    }

    public LayerContent Build() => new([.. _entries]);

    private void Append(LayerEntry entry)
    {
        // A path named again is another directory from now on.
        if (!_byPath.TryAdd((entry.ParentIndex, entry.Name), _entries.Count))
        {
            _byPath[(entry.ParentIndex, entry.Name)] = _entries.Count;
            _lastDirectory = "";
        }

        _entries.Add(entry);
    }

    private int DirectoryAt(int parent, NameId name)
    {
        if (_byPath.TryGetValue((parent, name), out int index))
            return index;
        Append(new LayerEntry(parent, name, LayerEntryKind.Implied, 0, -1));
        return _entries.Count - 1;
    }

    private (int Parent, NameId Name) Resolve(ReadOnlySpan<char> path)
    {
        int slash = path.LastIndexOf('/');
        if (slash > 0 && _lastDirectory.Length > 0 && path[..slash].SequenceEqual(_lastDirectory) && path[(slash + 1)..] is not ("" or "."))
            return (_lastDirectoryIndex, names.Intern(path[(slash + 1)..]));
        _components.Clear();
        foreach (Range range in path.Split('/'))
        {
            ReadOnlySpan<char> component = path[range];
            if (component is not ("" or "."))
                _components.Add(names.Intern(component));
        }

        if (_components.Count == 0)
            throw new ArgumentException("the path names no entry", nameof(path));
        var parent = -1;
        for (var depth = 0; depth < _components.Count - 1; depth++)
            parent = DirectoryAt(parent, _components[depth]);
        if (slash > 0 && path[(slash + 1)..] is not ("" or "."))
            (_lastDirectory, _lastDirectoryIndex) = (path[..slash].ToString(), parent);
        return (parent, _components[^1]);
    }
}
