using System.Collections.Immutable;

namespace StorageLab.Shell.Posix.Commands.Awk;

/// <summary>A pattern with what is done for the lines it holds for.</summary>
/// <param name="When">Which lines.</param>
/// <param name="Pattern">Null for every line.</param>
/// <param name="Statements">In order.</param>
internal sealed record AwkRule(AwkMoment When, Func<AwkRecord, AwkValue>? Pattern, ImmutableArray<Action<AwkRecord>> Statements);
