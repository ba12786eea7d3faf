using System.Collections;
using System.Collections.Immutable;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Steps;

/// <summary>The steps of a scenario, worked out anew, and the same, at every enumeration. Safe for several threads at once.</summary>
internal sealed class StepSequence(ImmutableArray<StepNode> nodes, ulong seed) : IEnumerable<Step>
{
    /// <summary>Walks through all steps once, reporting values that come out wrong.</summary>
    /// <returns>How many steps there are.</returns>
    public int Check(ProblemList problems) => Walk(problems).Count();

    public IEnumerator<Step> GetEnumerator() => Walk(null).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<Step> Walk(ProblemList? problems)
    {
        ReplayScope scope = new(seed);
        foreach (StepNode node in nodes)
        {
            foreach (Step step in node.Walk(scope, problems))
                yield return step;
        }
    }
}
