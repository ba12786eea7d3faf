namespace StorageLab.Cli.Validation;

/// <summary>A step that ended differently on the real host and in the model.</summary>
/// <param name="StepIndex">The step, from 0.</param>
/// <param name="Operation">What it did.</param>
/// <param name="Real">The real error; empty when it succeeded.</param>
/// <param name="Model">The model's error; empty when it succeeded.</param>
internal sealed record ErrorMismatch(int StepIndex, string Operation, string Real, string Model);
