using System.Text;

namespace StorageLab.Shell.Sessions;

/// <summary>Remembers what is read of an input.</summary>
internal sealed class RecordingReader(TextReader inner) : TextReader
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    public override int Peek() => inner.Peek();

    public override int Read()
    {
        int c = inner.Read();
        if (c >= 0)
            _text.Append((char)c);
        return c;
    }

    public override string? ReadLine()
    {
        string? line = inner.ReadLine();
        if (line is not null)
            _text.Append(line).Append('\n');
        return line;
    }

    public override string ReadToEnd()
    {
        string rest = inner.ReadToEnd();
        _text.Append(rest);
        return rest;
    }
}
