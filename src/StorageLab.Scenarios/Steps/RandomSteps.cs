using System.Collections.Immutable;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Steps;

/// <summary>Steps of which one is drawn by weight, several times.</summary>
/// <param name="seed">A seed of its own, or null to draw from the scenario's.</param>
internal sealed class RandomSteps(
    YamlNode at, StepCondition condition, Value<long> times, long? seed, int slot, ImmutableArray<(long Weight, StepNode Step)> choices)
    : StepNode(at, condition)
{
    protected override IEnumerable<Step> Expand(ReplayScope scope, ProblemList? problems)
    {
        if (!TryGet(times.Get, scope, problems, out long count))
            yield break;
        RandomStream outer = scope.Random;
        if (seed is { } own)
            scope.Random = new RandomStream(unchecked((ulong)own));
        long total = choices.Sum(choice => choice.Weight);
        for (var turn = 1L; turn <= count && problems is not { IsFull: true }; turn++)
        {
            scope.Variable(slot) = turn;
            if (!TryGet(spender => { spender.Spend(1); return true; }, scope, problems, out _))
                break;
            foreach (Step step in Choose(scope.Random.Between(1, total)).Walk(scope, problems))
                yield return step;
        }

        scope.Random = outer;
    }

    private StepNode Choose(long drawn)
    {
        foreach ((long weight, StepNode step) in choices)
        {
            drawn -= weight;
            if (drawn <= 0)
                return step;
        }

        throw new InvalidOperationException("a draw beyond the sum of the weights");
    }
}
