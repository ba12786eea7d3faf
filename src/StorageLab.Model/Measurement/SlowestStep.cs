namespace StorageLab.Model.Measurement;

/// <summary>The step that took longest; of equals the first.</summary>
public sealed record SlowestStep(int StepIndex, string Operation, string Target, long Nanoseconds);
