namespace StorageLab.Shell.Posix.Execution;

/// <summary>Text files that live in the lab only: what redirections write and read. Nothing here touches the machine's own files.</summary>
public sealed class VirtualFiles : IShellFiles
{
    /// <summary>Characters all files together may hold.</summary>
    private const long LengthMax = 64 << 20;

    private readonly SortedDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal) { "/", "/root", "/tmp", "/dev" };
    private long _length;

    public bool IsDirectory(string path) => _directories.Contains(path);

    public bool TryRead(string path, out string text)
    {
        bool exists = _texts.TryGetValue(path, out string? found);
        text = found ?? "";
        return exists || path == "/dev/null";
    }

    public string? Write(string path, string text)
    {
        if (path == "/dev/null")
            return null;
        if (_directories.Contains(path))
            return "Is a directory";
        if (!_directories.Contains(ParentOf(path)))
            return "No such file or directory";
        long length = _length + text.Length - (_texts.TryGetValue(path, out string? old) ? old.Length : 0);
        if (length > LengthMax)
            return "No space left on device";
        _length = length;
        _texts[path] = text;
        return null;
    }

    public string? Append(string path, string text) => Write(path, TryRead(path, out string before) ? before + text : text);

    public string? MakeDirectory(string path)
    {
        for (string at = path; at != "/"; at = ParentOf(at))
        {
            if (_texts.ContainsKey(at))
                return "Not a directory";
        }

        for (string at = path; at != "/"; at = ParentOf(at))
            _directories.Add(at);
        return null;
    }

    public bool Remove(string path)
    {
        string below = path + "/";
        string[] gone = [.. _texts.Keys.Where(name => name == path || name.StartsWith(below, StringComparison.Ordinal))];
        foreach (string name in gone)
        {
            _length -= _texts[name].Length;
            _texts.Remove(name);
        }

        return _directories.RemoveWhere(name => name == path || name.StartsWith(below, StringComparison.Ordinal)) + gone.Length > 0;
    }

    public IEnumerable<string> NamesIn(string directory) => _texts.Keys.Concat(_directories)
        .Where(path => path != "/" && ParentOf(path) == directory)
        .Select(path => path[(path.LastIndexOf('/') + 1)..])
        .Order(StringComparer.Ordinal);

    private static string ParentOf(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";
}
