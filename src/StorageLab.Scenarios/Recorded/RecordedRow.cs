namespace StorageLab.Scenarios.Recorded;

/// <summary>One row of a recorded trajectory: a step of the real host and what was measured after it.</summary>
/// <param name="Line">Its line in trajectory.csv, from 1.</param>
/// <param name="StepIndex">0 is the daemon's start.</param>
/// <param name="Operation">The recorded word: load, run, write, ….</param>
/// <param name="Target">What it was done to.</param>
/// <param name="Error">Docker's or the kernel's text; empty for a step that succeeded.</param>
/// <param name="Values">The whole numbers of the row by column; a column that was empty is missing.</param>
public sealed record RecordedRow(
    int Line, int StepIndex, string Operation, string Target, string Error, IReadOnlyDictionary<string, long> Values)
{
    public bool IsOk => Error.Length == 0;

    /// <summary>When the step began, since the machine's start; 0 in a recording without times.</summary>
    public long StartNanoseconds { get; init; }

    /// <summary>How long it took; 0 in a recording without times.</summary>
    public long WallNanoseconds { get; init; }

    /// <summary>Whether a restarting daemon had not come to an end in time: its successor still counts containers as running that are not (docker info).</summary>
    public bool IsShutdownForced => Operation == "restart_daemon" && Values.GetValueOrDefault("containers_running") > 0;

    /// <summary>Deleted thin devices that were held open after it: docker info's Deferred Deleted Device Count, 0 on drivers without.</summary>
    public int HeldDeviceCount { get; init; }
}
