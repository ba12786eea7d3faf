using System.Collections.Immutable;

namespace StorageLab.Model.Measurement;

/// <summary>What a run came to, one entry per variant in the scenario's order.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Title">The scenario's line for tables and plots.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="PlannedStepCount">Steps of the scenario, without the daemon's start.</param>
/// <param name="Variants">Variants that yielded at least one sample.</param>
public sealed record RunSummary(string Scenario, string Title, ulong Seed, int PlannedStepCount, ImmutableArray<VariantSummary> Variants)
{
    /// <summary>Whether every variant did all of the scenario's steps; false after Ctrl-C.</summary>
    public bool IsComplete => Variants.Length > 0 && Variants.All(v => v.StepCount == PlannedStepCount);
}
