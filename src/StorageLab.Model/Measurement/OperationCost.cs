namespace StorageLab.Model.Measurement;

/// <summary>What all steps of one kind took together.</summary>
/// <param name="Operation">The samples' operation word.</param>
/// <param name="StepCount">How many steps; at least 1.</param>
/// <param name="Nanoseconds">Their time together, simulated in the model.</param>
public sealed record OperationCost(string Operation, int StepCount, long Nanoseconds);
