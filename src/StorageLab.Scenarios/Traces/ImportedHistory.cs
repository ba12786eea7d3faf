using System.Collections.Immutable;
using StorageLab.Model.Replay;

namespace StorageLab.Scenarios.Traces;

/// <summary>What a real host's log came to.</summary>
/// <param name="StepCount">How many steps there are.</param>
/// <param name="Steps">The steps, read from the log again at every enumeration; any number of enumerations may go on at once.</param>
/// <param name="Notes">What was understood and what was left out, a line each.</param>
public sealed record ImportedHistory(int StepCount, IEnumerable<Step> Steps, ImmutableArray<string> Notes);
