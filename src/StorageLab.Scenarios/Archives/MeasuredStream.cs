using System.Security.Cryptography;

namespace StorageLab.Scenarios.Archives;

/// <summary>Counts, bounds and hashes what is read through it.</summary>
/// <param name="inner">Not disposed with this.</param>
/// <param name="lengthBytesMax">More is refused with <see cref="ArchiveException"/>.</param>
/// <param name="hash">Takes everything that is read; may be null.</param>
internal sealed class MeasuredStream(Stream inner, long lengthBytesMax, IncrementalHash? hash) : Stream
{
    /// <summary>Readers of tar, gzip and zstd ask for less at a time, except when a header claims a name of gigabytes.</summary>
    private const int ReadBytesMax = 1 << 20;

    public long CountBytes { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => inner.CanSeek && hash is null;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length > ReadBytesMax)
            throw new ArchiveException($"a header claims {buffer.Length} bytes for a name; at most {ReadBytesMax} are read");
        int count = inner.Read(buffer);
        CountBytes += count;
        if (CountBytes > lengthBytesMax)
            throw new ArchiveException($"unpacks to more than {lengthBytesMax} bytes, which no real layer of its size does");
        hash?.AppendData(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads on to the end.</summary>
    public void Drain()
    {
        Span<byte> buffer = stackalloc byte[8192];
        while (Read(buffer) > 0)
        {
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
