namespace StorageLab.Host.Machines;

/// <summary>A command that set a machine up, and what came of it.</summary>
/// <param name="Text">As given to the shell.</param>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Output">What it printed.</param>
public sealed record SetupCommand(string Text, int ExitCode, string Output);
