using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;

namespace StorageLab.Model.Replay;

/// <summary>A whole experiment: what is done, and on which drivers and hosts.</summary>
public sealed record Scenario
{
    public required string Name { get; init; }

    /// <summary>One line for tables and plots.</summary>
    public required string Title { get; init; }

    public string Description { get; init; } = "";

    public required ulong Seed { get; init; }

    public required ImmutableArray<VariantSpec> Variants { get; init; }

    /// <summary>Names of every path the steps and images use; shared by all variants.</summary>
    public required NameTable Names { get; init; }

    /// <summary>How many steps <see cref="Steps"/> yields.</summary>
    public required int StepCount { get; init; }

    /// <summary>Whether a script follows the steps, so that how many samples come is known when they have come.</summary>
    public bool IsOpenEnded { get; init; }

    /// <summary>The steps in order, the same at every enumeration; repeats and random choices already resolved.</summary>
    public required IEnumerable<Step> Steps { get; init; }
}
