namespace StorageLab.Model.Blocks;

/// <summary>What has arrived at one floor of a stack since it was made: requests and bytes, as /sys/block/*/stat counts them.</summary>
public struct IoCounters : IEquatable<IoCounters>
{
    public long ReadCount { get; set; }
    public long ReadBytes { get; set; }
    public long WriteCount { get; set; }
    public long WriteBytes { get; set; }
    public long DiscardCount { get; set; }
    public long DiscardBytes { get; set; }
    public long FlushCount { get; set; }

    /// <summary>What arrived between <paramref name="before"/> and now.</summary>
    public readonly IoCounters Since(in IoCounters before) => new()
    {
        ReadCount = ReadCount - before.ReadCount,
        ReadBytes = ReadBytes - before.ReadBytes,
        WriteCount = WriteCount - before.WriteCount,
        WriteBytes = WriteBytes - before.WriteBytes,
        DiscardCount = DiscardCount - before.DiscardCount,
        DiscardBytes = DiscardBytes - before.DiscardBytes,
        FlushCount = FlushCount - before.FlushCount,
    };

    public readonly bool Equals(IoCounters other) =>
        ReadCount == other.ReadCount && ReadBytes == other.ReadBytes && WriteCount == other.WriteCount
        && WriteBytes == other.WriteBytes && DiscardCount == other.DiscardCount && DiscardBytes == other.DiscardBytes
        && FlushCount == other.FlushCount;

    public override readonly bool Equals(object? obj) => obj is IoCounters other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(ReadCount, ReadBytes, WriteCount, WriteBytes, DiscardBytes);

    public static bool operator ==(IoCounters left, IoCounters right) => left.Equals(right);

    public static bool operator !=(IoCounters left, IoCounters right) => !left.Equals(right);
}
