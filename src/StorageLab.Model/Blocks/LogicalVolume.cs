namespace StorageLab.Model.Blocks;

/// <summary>A linear run of a volume group's extents: a shifted window on the disk.</summary>
/// <param name="below">The physical volume.</param>
/// <param name="startBytes">Where the volume's first byte lies below.</param>
/// <param name="lengthBytes">The volume's length; it ends within <paramref name="below"/>.</param>
public sealed class LogicalVolume(IBlockDevice below, long startBytes, long lengthBytes) : IBlockDevice
{
    private IoCounters _counters;

    public long LengthBytes { get; } = lengthBytes;

    public DeviceLimits Limits => below.Limits;

    public IoCounters Counters => _counters;

    public IoStatus Read(long offsetBytes, long lengthBytes)
    {
        CheckRange(offsetBytes, lengthBytes);
        _counters.ReadCount++;
        _counters.ReadBytes += lengthBytes;
        return below.Read(startBytes + offsetBytes, lengthBytes);
    }

    public IoStatus Write(long offsetBytes, long lengthBytes)
    {
        CheckRange(offsetBytes, lengthBytes);
        _counters.WriteCount++;
        _counters.WriteBytes += lengthBytes;
        return below.Write(startBytes + offsetBytes, lengthBytes);
    }

    public IoStatus Discard(long offsetBytes, long lengthBytes)
    {
        CheckRange(offsetBytes, lengthBytes);
        if (!Limits.TakesDiscards)
            return IoStatus.NotSupported;
        _counters.DiscardCount++;
        _counters.DiscardBytes += lengthBytes;
        return below.Discard(startBytes + offsetBytes, lengthBytes);
    }

    public IoStatus Flush()
    {
        _counters.FlushCount++;
        return below.Flush();
    }

    private void CheckRange(long offsetBytes, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetBytes + lengthBytes, LengthBytes, nameof(lengthBytes));
    }
}
