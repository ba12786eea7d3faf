using StorageLab.Model.Blocks;

namespace StorageLab.Model.Drivers;

/// <summary>The time that the daemon's own work takes on a host, where it is known: how long a step took, spread over what there was to do.</summary>
/// <remarks>The clock of a host is else moved only by its disks, as if its processors took no time. Work is counted in bytes: what is copied and hashed, and
/// for other things the bytes that take as long.</remarks>
/// <param name="clock">The host's time.</param>
/// <param name="passTimeUntil">Lets the host's time pass until a moment, with what the kernel does in the meantime.</param>
public sealed class WorkPace(VirtualClock clock, Action<long> passTimeUntil)
{
    private long _endNanoseconds;
    private long _leftBytes;

    /// <summary>Says how long the step will take that now begins.</summary>
    public void BeginStep(long endNanoseconds)
    {
        _endNanoseconds = endNanoseconds;
        _leftBytes = 0;
    }

    /// <summary>Says how much the step has to do.</summary>
    public void Plan(long bytes) => _leftBytes = bytes;

    /// <summary>Does some of it, which takes its share of the time that is left.</summary>
    public void Work(long bytes)
    {
        long leftNanoseconds = _endNanoseconds - clock.NowNanoseconds;
        if (leftNanoseconds <= 0 || _leftBytes <= 0)
            return;
        long doneBytes = Math.Min(bytes, _leftBytes);
        passTimeUntil(clock.NowNanoseconds + (long)((Int128)leftNanoseconds * doneBytes / _leftBytes));
        _leftBytes -= doneBytes;
    }

    /// <summary>Lets a quarter of the time pass that is left.</summary>
    public void PassQuarter()
    {
        Plan(4);
        Work(1);
    }
}
