using StorageLab.Model.Blocks;

namespace StorageLab.Benchmarks;

/// <summary>The bottom of a benchmarked stack: counts requests and does nothing.</summary>
internal sealed class CountingDevice(long lengthBytes) : IBlockDevice
{
    private IoCounters _counters;

    public long LengthBytes => lengthBytes;

    public DeviceLimits Limits => new(4096, 512, 0);

    public IoCounters Counters => _counters;

    public IoStatus Read(long offsetBytes, long lengthBytes)
    {
        _counters.ReadCount++;
        _counters.ReadBytes += lengthBytes;
        return IoStatus.Ok;
    }

    public IoStatus Write(long offsetBytes, long lengthBytes)
    {
        _counters.WriteCount++;
        _counters.WriteBytes += lengthBytes;
        return IoStatus.Ok;
    }

    public IoStatus Discard(long offsetBytes, long lengthBytes)
    {
        _counters.DiscardCount++;
        _counters.DiscardBytes += lengthBytes;
        return IoStatus.Ok;
    }

    public IoStatus Flush()
    {
        _counters.FlushCount++;
        return IoStatus.Ok;
    }
}
