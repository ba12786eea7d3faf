using System.Buffers.Binary;
using System.IO.Compression;

namespace StorageLab.Scenarios;

/// <summary>The content of a gzip file, which must be whole: the library takes a file that is cut off for one that ends.</summary>
internal sealed class GzipFile : Stream
{
    /// <summary>RFC 1952: CRC32 and length of the content, the latter modulo 2^32, stand at the end.</summary>
    private const int LengthFieldBytes = 4;

    private readonly GZipStream _content;
    private readonly uint _promisedLength;
    private uint _length;

    private GzipFile(FileStream file)
    {
        Span<byte> field = stackalloc byte[LengthFieldBytes];
        file.Position = file.Length - field.Length;
        file.ReadExactly(field);
        file.Position = 0;
        _promisedLength = BinaryPrimitives.ReadUInt32LittleEndian(field);
        _content = new GZipStream(file, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A file's content, unpacked where its first two bytes say that it is gzip, whatever it is called; a pipe is taken as it is.</summary>
    public static Stream Unpacked(FileStream file)
    {
        if (!file.CanSeek)
            return file;
        bool isGzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b && file.Length > LengthFieldBytes;
        file.Position = 0;
        return isGzip ? new GzipFile(file) : file;
    }

    /// <exception cref="InvalidDataException">The file is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = _content.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw new InvalidDataException("its gzip data is damaged");
        }

        _length = unchecked(_length + (uint)count);
        return count > 0 || buffer.IsEmpty || _length == _promisedLength ? count : throw new InvalidDataException("its gzip data is cut off");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }
}
