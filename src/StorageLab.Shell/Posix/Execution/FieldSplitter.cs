using System.Text;

namespace StorageLab.Shell.Posix.Execution;

/// <summary>Gathers the fields that a word expands to.</summary>
/// <remarks>Source: POSIX.1-2017, Shell Command Language, 2.6.5 Field Splitting.</remarks>
internal sealed class FieldSplitter(string separators, List<string> fields)
{
    public const string DefaultSeparators = " \t\n";

    private readonly StringBuilder _field = new();
    private bool _exists;

    /// <summary>Text that belongs to one field: quoted, or written as it is.</summary>
    public void AddWhole(string text)
    {
        _field.Append(text);
        _exists = true;
    }

    /// <summary>The result of an expansion without quotes, which ends fields where separators stand.</summary>
    public void AddSplit(string text)
    {
        foreach (char c in text)
        {
            if (!separators.Contains(c))
                AddWhole(c.ToString());
            else if (!char.IsWhiteSpace(c))
                End(evenEmpty: true);
            else
                End(evenEmpty: false);
        }
    }

    public void End() => End(evenEmpty: false);

    private void End(bool evenEmpty)
    {
        if (_exists || evenEmpty)
            fields.Add(_field.ToString());
        _field.Clear();
        _exists = false;
    }
}
