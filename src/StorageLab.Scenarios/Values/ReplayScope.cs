namespace StorageLab.Scenarios.Values;

/// <summary>What one walk through a scenario's steps carries along: the loops' variables, the random numbers and what it has cost so
/// far.</summary>
internal sealed class ReplayScope(ulong seed)
{
    /// <summary>How deep loops nest.</summary>
    public const int LoopDepthMax = 16;

    /// <summary>Steps, turns of loops and file operations of a whole scenario: twenty times the largest shipped one, and still read in
    /// seconds.</summary>
    private const long WorkMax = 20_000_000;

    /// <summary>All waits together: the clock counts nanoseconds in 63 bits, 292 years.</summary>
    private const long WaitNanosecondsMax = 100L * 365 * 86_400 * 1_000_000_000;

    private readonly long[] _variables = new long[LoopDepthMax];
    private long _work;
    private long _waitNanoseconds;

    /// <summary>The stream that every random size and offset outside a <c>random</c> block comes from.</summary>
    public RandomStream Random { get; set; } = new(seed);

    public ref long Variable(int slot) => ref _variables[slot];

    /// <exception cref="ValueException">The scenario asks for more than a replay can take.</exception>
    public void Spend(long work)
    {
        _work += work;
        if (_work > WorkMax)
            throw new ValueException($"the scenario comes to more than {WorkMax} steps and file operations here; repeat less often");
    }

    public void Wait(long nanoseconds)
    {
        if (nanoseconds > WaitNanosecondsMax - _waitNanoseconds)
            throw new ValueException("the scenario waits for more than 100 years in all; wait less");
        _waitNanoseconds += nanoseconds;
    }
}
