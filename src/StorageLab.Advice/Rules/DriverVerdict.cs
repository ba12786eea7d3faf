using System.Collections.Immutable;

namespace StorageLab.Advice.Rules;

/// <summary>What the rules say of one driver on one host.</summary>
/// <param name="Driver">"loop-lvm", "direct-lvm" or "overlay2".</param>
/// <param name="Verdict">Refused when a rule refuses it, or none allows it; else the best that is allowed.</param>
/// <param name="Rules">The rules it comes from; empty when none speaks of the host.</param>
/// <param name="Reason">In words.</param>
public sealed record DriverVerdict(string Driver, RuleVerdict Verdict, ImmutableArray<DriverRule> Rules, string Reason);
