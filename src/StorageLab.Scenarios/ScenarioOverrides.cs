using System.Collections.Immutable;

namespace StorageLab.Scenarios;

/// <summary>What the command line changes about a scenario.</summary>
public sealed record ScenarioOverrides
{
    public static readonly ScenarioOverrides None = new();

    /// <summary>The seed instead of the scenario's (<c>--seed</c>).</summary>
    public ulong? Seed { get; init; }

    /// <summary>Drivers or names of variants to run, instead of all (<c>--driver</c>); empty for all. A driver the scenario does not use
    /// is run with its defaults on the scenario's first host.</summary>
    public ImmutableArray<string> Drivers { get; init; } = [];

    /// <summary>Storage options as <c>key=value</c> (<c>--set</c>), set on every variant whose driver takes them.</summary>
    public ImmutableArray<string> Options { get; init; } = [];

    /// <summary>Storage options as <c>key=value,value,…</c> (<c>--vary</c>): every variant whose driver takes one becomes one for each value.</summary>
    public ImmutableArray<string> VariedOptions { get; init; } = [];
}
