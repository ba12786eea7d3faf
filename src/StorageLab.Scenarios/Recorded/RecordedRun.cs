using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Replay;

namespace StorageLab.Scenarios.Recorded;

/// <summary>A run of real Docker, read back: what was done, on what, and what was measured.</summary>
/// <param name="Id">Name of the run, e.g. <c>S1-loop-lvm</c>: letters, digits, dots, dashes and underscores.</param>
/// <param name="Scenario">The recorded steps, and the machine as the one variant.</param>
/// <param name="Rows">One row per step, the daemon's start first.</param>
public sealed record RecordedRun(string Id, Scenario Scenario, ImmutableArray<RecordedRow> Rows)
{
    public VariantSpec Variant => Scenario.Variants[0];

    /// <summary>What the replay is told of every step, the daemon's start first.</summary>
    public ImmutableArray<StepConditions> Conditions => [.. Rows.Select(row =>
    {
        long start = row.StartNanoseconds - Rows[0].StartNanoseconds;
        return new StepConditions(start, start + row.WallNanoseconds, row.HeldDeviceCount, row.IsShutdownForced);
    })];

    /// <summary>The run's run.json, for what is wrong with the machine as a whole.</summary>
    public required string MachineFile { get; init; }

    /// <summary>What could not be replayed as it was recorded, so that figures after it may be off.</summary>
    public required ImmutableArray<InputProblem> Notes { get; init; }

    /// <summary>The pool's mappings at the end as thin_dump wrote them; null where the run has none.</summary>
    public required string? ThinDumpFile { get; init; }

    /// <summary>The images it loads.</summary>
    public required RecordedImages Images { get; init; }

    /// <summary>What docker info printed after the daemon's start; empty where it was not recorded.</summary>
    public required string DockerInfo { get; init; }

    /// <summary>What was typed after the steps; most runs have none.</summary>
    public required ImmutableArray<RecordedTranscript> Transcripts { get; init; }
}
