using System.Collections.Immutable;
using StorageLab.Advice.Rules;

namespace StorageLab.Advice;

/// <summary>What a host should use.</summary>
/// <param name="Driver">"overlay2", "direct-lvm" or "loop-lvm"; null when no driver works there as it is.</param>
/// <param name="Verdicts">Of every driver, the best first.</param>
/// <param name="Reasons">Why, a line each.</param>
/// <param name="Unknowns">What is not known of the host, and what was assumed instead.</param>
public sealed record Recommendation(string? Driver, ImmutableArray<DriverVerdict> Verdicts, ImmutableArray<string> Reasons, ImmutableArray<string> Unknowns);
