using System.Collections.Immutable;

namespace StorageLab.Shell.Posix.Execution;

/// <summary>Understands a command's arguments, before anything runs.</summary>
/// <exception cref="CommandUsageException">They are not what the lab supports.</exception>
public delegate CommandRun CommandPreparation(ImmutableArray<string> arguments);
