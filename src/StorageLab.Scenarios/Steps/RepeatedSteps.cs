using System.Collections.Immutable;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Steps;

/// <summary>Steps that are done several times; the variable counts from 1.</summary>
internal sealed class RepeatedSteps(YamlNode at, StepCondition condition, Value<long> times, int slot, ImmutableArray<StepNode> steps)
    : StepNode(at, condition)
{
    protected override IEnumerable<Step> Expand(ReplayScope scope, ProblemList? problems)
    {
        if (!TryGet(times.Get, scope, problems, out long count))
            yield break;
        for (var turn = 1L; turn <= count && problems is not { IsFull: true }; turn++)
        {
            scope.Variable(slot) = turn;
            if (!TryGet(spender => { spender.Spend(1); return true; }, scope, problems, out _))
                yield break;
            foreach (Step step in WalkAll(steps, scope, problems))
                yield return step;
        }
    }
}
