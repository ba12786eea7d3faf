using System.Collections.Immutable;

namespace StorageLab.Advice.Migration;

/// <summary>One step of a move to another driver.</summary>
/// <param name="What">What it does, in a line.</param>
/// <param name="Commands">As root, in order; a file's content stands in a here-document.</param>
public sealed record MigrationStep(string What, ImmutableArray<string> Commands);
