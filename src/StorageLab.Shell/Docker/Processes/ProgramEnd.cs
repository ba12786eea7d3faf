namespace StorageLab.Shell.Docker.Processes;

/// <summary>How a container's program goes on once it has done its work on files.</summary>
/// <param name="ExitCode">When it ends.</param>
/// <param name="SleepNanoseconds">What it slept and sleeps in all.</param>
/// <param name="RunsOn">Whether it runs until it is stopped.</param>
internal readonly record struct ProgramEnd(int ExitCode, long SleepNanoseconds = 0, bool RunsOn = false);
