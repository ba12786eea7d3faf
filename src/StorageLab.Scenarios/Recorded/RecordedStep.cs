using StorageLab.Model.Replay;

namespace StorageLab.Scenarios.Recorded;

/// <summary>A step of a recording.</summary>
/// <param name="Operation">The recorded word: load, run, write, ….</param>
/// <param name="Step">What the model does for it.</param>
internal sealed record RecordedStep(string Operation, Step Step);
