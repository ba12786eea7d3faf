using StorageLab.Model.Blocks;

namespace StorageLab.Model.Tests.ThinProvisioning;

/// <summary>A device that keeps what it was asked for, and fails from a given write on.</summary>
internal sealed class RecordingDevice(long lengthBytes, bool takesDiscards = true) : IBlockDevice
{
    private IoCounters _counters;

    public List<(char Operation, long OffsetBytes, long LengthBytes)> Requests { get; } = [];

    public bool IsRecording { get; set; }

    /// <summary>Writes that succeed before the device fails; negative for all.</summary>
    public long WritesUntilFailure { get; set; } = -1;

    public long LengthBytes => lengthBytes;

    public DeviceLimits Limits => new(takesDiscards ? 4096 : 0, 512, 0);

    public IoCounters Counters => _counters;

    public IoStatus Read(long offsetBytes, long lengthBytes)
    {
        _counters.ReadCount++;
        _counters.ReadBytes += lengthBytes;
        return Record('r', offsetBytes, lengthBytes);
    }

    public IoStatus Write(long offsetBytes, long lengthBytes)
    {
        if (WritesUntilFailure == 0)
            return IoStatus.IoError;
        if (WritesUntilFailure > 0)
            WritesUntilFailure--;
        _counters.WriteCount++;
        _counters.WriteBytes += lengthBytes;
        return Record('w', offsetBytes, lengthBytes);
    }

    public IoStatus Discard(long offsetBytes, long lengthBytes)
    {
        _counters.DiscardCount++;
        _counters.DiscardBytes += lengthBytes;
        return Record('d', offsetBytes, lengthBytes);
    }

    public IoStatus Flush()
    {
        _counters.FlushCount++;
        return Record('f', 0, 0);
    }

    private IoStatus Record(char operation, long offsetBytes, long lengthBytes)
    {
        if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes + lengthBytes > LengthBytes)
            throw new InvalidOperationException($"{operation} {offsetBytes}+{lengthBytes} is outside the device");
        if (IsRecording)
            Requests.Add((operation, offsetBytes, lengthBytes));
        return IoStatus.Ok;
    }
}
