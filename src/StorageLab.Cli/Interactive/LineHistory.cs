namespace StorageLab.Cli.Interactive;

/// <summary>Lines that were typed before, to be brought back with the arrow keys.</summary>
internal sealed class LineHistory
{
    private readonly List<string> _lines = [];
    private int _index;
    private string _draft = "";

    /// <summary>Remembers a line; one that repeats the last is not kept twice.</summary>
    public void Add(string line)
    {
        if (line.Trim().Length > 0 && (_lines.Count == 0 || _lines[^1] != line))
            _lines.Add(line);
        _index = _lines.Count;
    }

    /// <summary>The line before the one that is shown; the line that was being typed is kept.</summary>
    public string Older(string shown)
    {
        if (_index == _lines.Count)
            _draft = shown;
        if (_index == 0)
            return shown;
        return _lines[--_index];
    }

    /// <summary>The line behind the one that is shown; behind the last comes what was being typed.</summary>
    public string Newer(string shown)
    {
        if (_index == _lines.Count)
            return shown;
        return ++_index == _lines.Count ? _draft : _lines[_index];
    }

    /// <summary>The newest line that contains a text, before a place.</summary>
    /// <param name="index">Lines from here on are passed over; afterwards the place of what was found.</param>
    /// <returns>Null when there is none.</returns>
    public string? Search(string text, ref int index)
    {
        for (int at = Math.Min(index, _lines.Count) - 1; at >= 0; at--)
        {
            if (!_lines[at].Contains(text, StringComparison.OrdinalIgnoreCase))
                continue;
            index = at;
            return _lines[at];
        }

        return null;
    }
}
