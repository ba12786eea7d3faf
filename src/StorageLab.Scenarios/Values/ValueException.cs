namespace StorageLab.Scenarios.Values;

/// <summary>A value that depends on a loop came out wrong; the step that holds it knows the place.</summary>
internal sealed class ValueException(string message) : Exception(message);
