using System.Collections.Immutable;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Steps;

/// <summary>Steps under one condition.</summary>
internal sealed class StepGroup(YamlNode at, StepCondition condition, ImmutableArray<StepNode> steps) : StepNode(at, condition)
{
    protected override IEnumerable<Step> Expand(ReplayScope scope, ProblemList? problems) => WalkAll(steps, scope, problems);
}
