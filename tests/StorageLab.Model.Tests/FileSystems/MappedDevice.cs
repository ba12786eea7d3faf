using StorageLab.Model.Blocks;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>A device that knows which of its pieces were ever written: a thin device with a pool that never fills, unless told when.</summary>
internal sealed class MappedDevice(long lengthBytes, int pieceBytes, DeviceLimits limits = default) : IBlockDevice
{
    private readonly SortedSet<long> _mapped = [];
    private IoCounters _counters;

    public long LengthBytes => lengthBytes;

    public DeviceLimits Limits => limits;

    public IoCounters Counters => _counters;

    /// <summary>Pieces written since the device was made and not discarded since.</summary>
    public IReadOnlyCollection<long> Mapped => _mapped;

    /// <summary>Writes that still succeed; every later one fails with <see cref="IoStatus.IoError"/>.</summary>
    public long WriteCountMax { get; set; } = long.MaxValue;

    /// <summary>A device with the same pieces mapped: a snapshot that shares everything.</summary>
    public MappedDevice Snapshot()
    {
        MappedDevice copy = new(lengthBytes, pieceBytes, limits);
        copy._mapped.UnionWith(_mapped);
        return copy;
    }

    /// <summary>A device that starts with nothing mapped, so that what is written to it stands for pieces no longer shared.</summary>
    public MappedDevice Empty() => new(lengthBytes, pieceBytes, limits);

    public IoStatus Read(long offsetBytes, long lengthBytes)
    {
        Check(offsetBytes, lengthBytes);
        _counters.ReadCount++;
        _counters.ReadBytes += lengthBytes;
        return IoStatus.Ok;
    }

    public IoStatus Write(long offsetBytes, long lengthBytes)
    {
        Check(offsetBytes, lengthBytes);
        if (_counters.WriteCount >= WriteCountMax)
            return IoStatus.IoError;
        _counters.WriteCount++;
        _counters.WriteBytes += lengthBytes;
        for (long piece = offsetBytes / pieceBytes; piece * pieceBytes < offsetBytes + lengthBytes; piece++)
            _mapped.Add(piece);
        return IoStatus.Ok;
    }

    public IoStatus Discard(long offsetBytes, long lengthBytes)
    {
        Check(offsetBytes, lengthBytes);
        if (!limits.TakesDiscards)
            return IoStatus.NotSupported;
        _counters.DiscardCount++;
        _counters.DiscardBytes += lengthBytes;
        long first = (offsetBytes + pieceBytes - 1) / pieceBytes;
        long end = (offsetBytes + lengthBytes) / pieceBytes;
        if (end > first)
            _mapped.GetViewBetween(first, end - 1).Clear();
        return IoStatus.Ok;
    }

    public IoStatus Flush()
    {
        _counters.FlushCount++;
        return IoStatus.Ok;
    }

    private void Check(long offsetBytes, long requestBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(requestBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetBytes + requestBytes, lengthBytes, nameof(requestBytes));
    }
}
