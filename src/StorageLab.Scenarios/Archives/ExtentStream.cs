namespace StorageLab.Scenarios.Archives;

/// <summary>A part of a file as a stream of its own. Several of one file must not be read in turns by several threads.</summary>
internal sealed class ExtentStream(FileStream file, long offset, long length) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new IOException("a position before the beginning");
    }

    public override int Read(Span<byte> buffer)
    {
        long left = Math.Max(0, length - _position);
        if (buffer.Length > left)
            buffer = buffer[..(int)left];
        int count = RandomAccess.Read(file.SafeFileHandle, buffer, offset + _position);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
