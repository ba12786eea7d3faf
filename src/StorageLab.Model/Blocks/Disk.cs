namespace StorageLab.Model.Blocks;

/// <summary>The disk at the bottom of a stack: every byte that gets here counts, and costs virtual time by its profile.</summary>
/// <remarks>
/// Time of a request: latency shared among the requests the disk serves at once, a seek where the arm must move (flash has none),
/// and its bytes at the profile's bandwidth. The disk is not thin: like the recorded machines' it takes no discards.
/// </remarks>
public sealed class Disk(long lengthBytes, DiskProfile profile, VirtualClock clock) : IBlockDevice
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private IoCounters _counters;
    private long _armBytes;

    public long LengthBytes { get; } = lengthBytes;

    public DeviceLimits Limits => new(DiscardGranularityBytes: 0, MinimumIoBytes: DeviceLimits.SectorBytes, OptimalIoBytes: 0);

    public IoCounters Counters => _counters;

    public IoStatus Read(long offsetBytes, long lengthBytes)
    {
        _counters.ReadCount++;
        _counters.ReadBytes += lengthBytes;
        Spend(offsetBytes, lengthBytes, profile.ReadLatencyNanoseconds, profile.ReadBytesPerSecond);
        return IoStatus.Ok;
    }

    public IoStatus Write(long offsetBytes, long lengthBytes)
    {
        _counters.WriteCount++;
        _counters.WriteBytes += lengthBytes;
        Spend(offsetBytes, lengthBytes, profile.WriteLatencyNanoseconds, profile.WriteBytesPerSecond);
        return IoStatus.Ok;
    }

    public IoStatus Discard(long offsetBytes, long lengthBytes) => IoStatus.NotSupported;

    public IoStatus Flush()
    {
        _counters.FlushCount++;
        clock.Advance(profile.FlushNanoseconds);
        return IoStatus.Ok;
    }

    private void Spend(long offsetBytes, long lengthBytes, long latencyNanoseconds, long bytesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetBytes + lengthBytes, LengthBytes, nameof(lengthBytes));
        long seek = offsetBytes == _armBytes ? 0 : profile.SeekNanoseconds;
        // A request of 100 GiB times a billion does not fit 64 bits.
        long transfer = lengthBytes <= long.MaxValue / NanosecondsPerSecond
            ? lengthBytes * NanosecondsPerSecond / bytesPerSecond
            : (long)((Int128)lengthBytes * NanosecondsPerSecond / bytesPerSecond);
        clock.Advance((latencyNanoseconds / profile.QueueDepth) + seek + transfer);
        _armBytes = offsetBytes + lengthBytes;
    }
}
