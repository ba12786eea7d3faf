namespace StorageLab.Model.Replay;

/// <summary>What the replay of a recorded run is told of a step, because no model can know it: when it happened, and which races the host lost.</summary>
/// <param name="StartNanoseconds">When the step began, since the daemon's first start began.</param>
/// <param name="EndNanoseconds">When it ended; at least the start.</param>
/// <param name="HeldDeviceCount">Deleted thin devices that were held open at its end.</param>
/// <param name="IsShutdownForced">Whether a daemon that was to stop gave up waiting for its own end.</param>
public readonly record struct StepConditions(long StartNanoseconds, long EndNanoseconds, int HeldDeviceCount, bool IsShutdownForced);
