using System.Collections.Immutable;
using StorageLab.Scenarios;

namespace StorageLab.Shell.Posix.Syntax;

/// <summary>A script's text, or a part of it that is read once more (what backquotes hold, a here-document), with the place in the file of
/// every character.</summary>
public sealed class ScriptText
{
    private readonly ImmutableArray<int> _lineStarts;

    /// <summary>Offset in the file of each character, and of the end; default where text and file are the same.</summary>
    private readonly ImmutableArray<int> _offsets;

    private ScriptText(string file, string text, ImmutableArray<int> offsets, ImmutableArray<int> lineStarts)
    {
        File = file;
        Text = text;
        _offsets = offsets;
        _lineStarts = lineStarts;
    }

    /// <summary>The file as the user named it.</summary>
    public string File { get; }

    public string Text { get; }

    /// <summary>A whole file; carriage returns before line ends are dropped.</summary>
    public static ScriptText Of(string file, string content)
    {
        ImmutableArray<int> lineStarts = [0, .. Enumerable.Range(0, content.Length).Where(index => content[index] == '\n').Select(index => index + 1)];
        ScriptText whole = new(file, content, default, lineStarts);
        if (!content.Contains("\r\n", StringComparison.Ordinal))
            return whole;
        return whole.Pick(Enumerable.Range(0, content.Length).Where(index => !(content[index] == '\r' && index + 1 < content.Length && content[index + 1] == '\n')), content.Length);
    }

    /// <summary>The characters at the given indices, in order, as a text of their own.</summary>
    /// <param name="indices">Of characters of this text, ascending.</param>
    /// <param name="end">Index that the new text's end stands at.</param>
    public ScriptText Pick(IEnumerable<int> indices, int end)
    {
        int[] picked = [.. indices];
        string text = string.Create(picked.Length, (Text, picked), static (target, source) =>
        {
            for (var index = 0; index < target.Length; index++)
                target[index] = source.Text[source.picked[index]];
        });
        return new ScriptText(File, text, [.. picked.Append(end).Select(OffsetOf)], _lineStarts);
    }

    public SourcePlace PlaceOf(int index)
    {
        int offset = OffsetOf(Math.Min(index, Text.Length));
        int found = _lineStarts.BinarySearch(offset);
        int line = found >= 0 ? found : ~found - 1;
        return new SourcePlace(line + 1, offset - _lineStarts[line] + 1);
    }

    /// <summary>What to throw when something is wrong at a place; the message may quote the script and becomes one line.</summary>
    public ScriptException Wrong(SourcePlace place, string message, Incompleteness incompleteness = Incompleteness.None) =>
        new(new InputProblem(File, place.Line, place.Column, message.ReplaceLineEndings(" ")), incompleteness);

    public ScriptException Wrong(int index, string message, Incompleteness incompleteness = Incompleteness.None) =>
        Wrong(PlaceOf(index), message, incompleteness);

    private int OffsetOf(int index) => _offsets.IsDefault ? index : _offsets[index];
}
