using System.Collections.Immutable;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Steps;

/// <summary>A piece of a scenario's steps: one step, a group, a loop or a choice. Immutable; yields the same steps at every walk.</summary>
internal abstract class StepNode(YamlNode at, StepCondition condition)
{
    public YamlNode At { get; } = at;

    public StepCondition Condition { get; } = condition;

    /// <summary>The steps at this turn.</summary>
    /// <param name="problems">Where the problems of a first walk go; null once the scenario is known to be right.</param>
    public IEnumerable<Step> Walk(ReplayScope scope, ProblemList? problems) => Condition.Holds(scope) ? Expand(scope, problems) : [];

    protected abstract IEnumerable<Step> Expand(ReplayScope scope, ProblemList? problems);

    protected static IEnumerable<Step> WalkAll(ImmutableArray<StepNode> nodes, ReplayScope scope, ProblemList? problems)
    {
        foreach (StepNode node in nodes)
        {
            foreach (Step step in node.Walk(scope, problems))
                yield return step;
        }
    }

    /// <summary>Works a value out; reports it and says false when it came out wrong on a first walk.</summary>
    protected bool TryGet<T>(Func<ReplayScope, T> get, ReplayScope scope, ProblemList? problems, out T value)
    {
        try
        {
            value = get(scope);
            return true;
        }
        catch (ValueException e) when (problems is not null)
        {
            problems.AddFirstAt(At, e.Message);
            value = default!;
            return false;
        }
    }
}
