namespace StorageLab.Host.Docker;

/// <summary>A file of a synthesised layer, read once from its beginning.</summary>
/// <param name="path">Names its content.</param>
/// <param name="lengthBytes">Its size.</param>
/// <param name="isProgram">Whether it may be executed: then it begins with the <see cref="PauseProgram"/>, where that fits.</param>
internal sealed class ContentStream(string path, long lengthBytes, bool isProgram) : Stream
{
    private readonly bool _beginsWithProgram = isProgram && lengthBytes >= PauseProgram.Bytes.Length;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => lengthBytes;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, lengthBytes - Position);
        if (count <= 0)
            return 0;
        Span<byte> part = buffer[..count];
        FileContent.Fill(path, Position, part);
        if (_beginsWithProgram && Position < PauseProgram.Bytes.Length)
        {
            ReadOnlySpan<byte> program = PauseProgram.Bytes[(int)Position..];
            program[..Math.Min(program.Length, count)].CopyTo(part);
        }

        Position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => lengthBytes + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
