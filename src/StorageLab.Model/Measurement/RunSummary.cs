using System.Collections.Immutable;

namespace StorageLab.Model.Measurement;

/// <summary>What a run came to, one entry per variant in the scenario's order.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Title">The scenario's line for tables and plots.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="PlannedStepCount">Steps of the scenario, without the daemon's start; null for a script, whose steps are known when they are done.</param>
/// <param name="Variants">Variants that yielded at least one sample.</param>
public sealed record RunSummary(string Scenario, string Title, ulong Seed, int? PlannedStepCount, ImmutableArray<VariantSummary> Variants)
{
    /// <summary>Whether somebody stopped the run early.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>Whether every variant did all it had to do; false after Ctrl-C.</summary>
    public bool IsComplete => Variants.Length > 0 && (PlannedStepCount is { } planned ? Variants.All(v => v.StepCount == planned) : !IsInterrupted);
}
