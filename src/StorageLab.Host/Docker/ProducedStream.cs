using System.IO.Pipelines;

namespace StorageLab.Host.Docker;

/// <summary>Reads what a writer writes, without keeping it: the writer works on another thread and waits for the reader.</summary>
internal sealed class ProducedStream : Stream
{
    private readonly Stream _content;
    private readonly Task _producer;
    private readonly long? _lengthBytes;
    private long _positionBytes;

    /// <param name="produce">Writes everything; what it throws the reader is told.</param>
    /// <param name="lengthBytes">How much that is, where somebody has to know.</param>
    public ProducedStream(Action<Stream> produce, long? lengthBytes = null)
    {
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 1 << 22, resumeWriterThreshold: 1 << 21, minimumSegmentSize: 1 << 16, useSynchronizationContext: false));
        _lengthBytes = lengthBytes;
        _content = pipe.Reader.AsStream();
        _producer = Task.Factory.StartNew(() => Produce(pipe.Writer, produce), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public override bool CanRead => true;

    /// <summary>The archive's writer asks only streams that say so for their length.</summary>
    public override bool CanSeek => _lengthBytes is not null;

    public override bool CanWrite => false;

    public override long Length => _lengthBytes ?? throw new NotSupportedException();

    public override long Position
    {
        get => _positionBytes;
        set => _ = value == _positionBytes ? value : throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Counted(_content.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Counted(_content.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await _content.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>A writer whose reader has gone writes to nobody until it is through.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _producer.Wait();
        }

        base.Dispose(disposing);
    }

    private int Counted(int count)
    {
        _positionBytes += count;
        return count;
    }

    private static void Produce(PipeWriter pipe, Action<Stream> produce)
    {
        try
        {
            using (Stream output = pipe.AsStream(leaveOpen: true))
                produce(output);
            pipe.Complete();
        }
        catch (Exception e)
        {
            pipe.Complete(e);
        }
    }
}
