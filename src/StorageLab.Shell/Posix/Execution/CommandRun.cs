namespace StorageLab.Shell.Posix.Execution;

/// <summary>Runs a command whose arguments were understood.</summary>
/// <returns>Its exit status.</returns>
public delegate int CommandRun(CommandCall call);
