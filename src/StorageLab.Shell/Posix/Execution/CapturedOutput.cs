using System.Text;

namespace StorageLab.Shell.Posix.Execution;

/// <summary>Takes what a command writes into a pipe, a substitution or a file.</summary>
internal sealed class CapturedOutput : TextWriter
{
    /// <summary>Characters one command may write into it.</summary>
    private const int LengthMax = 64 << 20;

    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <exception cref="TextTooLongException">There is more than the lab keeps.</exception>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (_text.Length + buffer.Length > LengthMax)
            throw new TextTooLongException(LengthMax);
        _text.Append(buffer);
    }

    public override string ToString() => _text.ToString();
}
