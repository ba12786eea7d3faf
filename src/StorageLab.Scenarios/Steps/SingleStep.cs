using StorageLab.Model.Replay;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Steps;

/// <summary>One step.</summary>
internal sealed class SingleStep(YamlNode at, StepCondition condition, StepMaker make) : StepNode(at, condition)
{
    protected override IEnumerable<Step> Expand(ReplayScope scope, ProblemList? problems)
    {
        if (TryGet(turn => { turn.Spend(1); return make(turn); }, scope, problems, out Step step))
            yield return step;
    }
}
