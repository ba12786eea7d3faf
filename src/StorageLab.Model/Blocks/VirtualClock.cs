namespace StorageLab.Model.Blocks;

/// <summary>Simulated time of one host: moved on only by the device at the bottom of its stack and by waiting steps.</summary>
public sealed class VirtualClock
{
    public long NowNanoseconds { get; private set; }

    /// <param name="nanoseconds">Not negative.</param>
    public void Advance(long nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        NowNanoseconds += nanoseconds;
    }

    /// <summary>Moves on to a moment; stays where it is when that is gone by.</summary>
    public void AdvanceTo(long nanoseconds) => NowNanoseconds = Math.Max(NowNanoseconds, nanoseconds);
}
