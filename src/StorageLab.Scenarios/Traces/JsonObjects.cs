using StorageLab.Scenarios.Archives;

namespace StorageLab.Scenarios.Traces;

/// <summary>Reads the JSON objects of a file one after the other, whatever the file's size: one a line, or in an array, plain or compressed.</summary>
internal sealed class JsonObjects : IDisposable
{
    /// <summary>Bytes of one object; a real event or request has a few hundred.</summary>
    private const int ObjectLengthMax = 1 << 20;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly Stream _stream;
    private readonly bool _oneALine;
    private byte[] _buffer = new byte[1 << 18];
    private int _start;
    private int _end;
    private int _line = 1;

    /// <param name="oneALine">Whether an object has to end on the line it begins on.</param>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public JsonObjects(string path, bool oneALine)
    {
        _path = path;
        _oneALine = oneALine;
        try
        {
            if (Directory.Exists(path))
                throw new InputException(path, "is a folder; give a file");
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            _stream = Compression.TryOpen(_file) ?? _file;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArchiveException or NotSupportedException)
        {
            _file?.Dispose();
            throw new InputException(path, $"cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Line that the last object began on, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next object; false at the end.</summary>
    /// <param name="json">Its bytes, until the next call.</param>
    /// <exception cref="InputException">What comes is no object.</exception>
    public bool TryRead(out ReadOnlySpan<byte> json)
    {
        json = default;
        if (!SkipToObject())
            return false;
        Line = _line;
        if (TryReadLine(out json))
            return true;
        var depth = 0;
        var isText = false;
        for (int at = _start; ; at++)
        {
            if (at == _end)
            {
                int read = at - _start;
                if (!Fill())
                    throw Wrong("the object does not end");
                at = _start + read;
            }

            switch (_buffer[at])
            {
                case (byte)'"':
                    isText = !isText;
                    break;
                case (byte)'\\' when isText:
                    // What is behind it is part of the text; a line's end there is caught below.
                    if (at + 1 == _end && !FillKeeping(ref at))
                        throw Wrong("the object does not end");
                    at += _buffer[at + 1] == '\n' ? 0 : 1;
                    break;
                case (byte)'\n':
                    if (isText || _oneALine)
                        throw Wrong("the object does not end on its line");
                    _line++;
                    break;
                case (byte)'{' when !isText:
                    depth++;
                    break;
                case (byte)'}' when !isText && --depth == 0:
                    json = _buffer.AsSpan(_start, at + 1 - _start);
                    _start = at + 1;
                    return true;
            }
        }
    }

    /// <summary>Nearly every object is a line of its own, which is found much faster than its end is by counting braces.</summary>
    private bool TryReadLine(out ReadOnlySpan<byte> json)
    {
        json = default;
        int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        if (length < 0)
            return false;
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length).TrimEnd(" \t\r,]"u8);
        if (line[^1] != '}' || (!_oneALine && line.Count((byte)'{') != 1) || line.Count((byte)'{') != line.Count((byte)'}'))
            return false;
        json = line;
        _start += length;
        return true;
    }

    /// <summary>What to throw when the last object is not what it should be.</summary>
    public InputException Wrong(string message) => new([new InputProblem(_path, Line, 1, LayerLimits.ShownLine(message))]);

    public void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }

    private bool SkipToObject()
    {
        while (true)
        {
            if (_start == _end && !Fill())
                return false;
            switch (_buffer[_start])
            {
                case (byte)'{':
                    return true;
                case (byte)'\n':
                    _line++;
                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)',' or (byte)'[' or (byte)']' or 0xEF or 0xBB or 0xBF:
                    break;
                default:
                    Line = _line;
                    throw Wrong("a JSON object has to stand here");
            }

            _start++;
        }
    }

    private bool FillKeeping(ref int at)
    {
        int read = at - _start;
        bool filled = Fill();
        at = _start + read;
        return filled;
    }

    /// <summary>Reads more behind what is there, which moves to the buffer's beginning.</summary>
    private bool Fill()
    {
        int kept = _end - _start;
        if (kept > ObjectLengthMax)
            throw Wrong($"the object has more than {ObjectLengthMax} bytes");
        if (kept > _buffer.Length / 2)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        (_start, _end) = (0, kept);
        try
        {
            int count = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += count;
            return count > 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new InputException(_path, $"cannot be read: {e.Message.TrimEnd('.')}");
        }
    }
}
