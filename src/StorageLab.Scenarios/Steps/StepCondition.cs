using StorageLab.Scenarios.Values;

namespace StorageLab.Scenarios.Steps;

/// <summary>At which turns of the innermost loop a step is done.</summary>
/// <param name="Slot">The loop's variable; -1 outside of loops, where every step is done.</param>
/// <param name="Every">Every how many turns: 7 means the 7th, 14th, ….</param>
/// <param name="From">First turn.</param>
/// <param name="Until">Last turn.</param>
internal readonly record struct StepCondition(int Slot, long Every, long From, long Until)
{
    public static readonly StepCondition Always = new(-1, 1, 1, long.MaxValue);

    public bool Holds(ReplayScope scope)
    {
        if (Slot < 0)
            return true;
        long turn = scope.Variable(Slot);
        return turn >= From && turn <= Until && turn % Every == 0;
    }
}
