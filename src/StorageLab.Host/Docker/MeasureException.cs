namespace StorageLab.Host.Docker;

/// <summary>A measurement cannot be made here: one line that says why and what would make it possible.</summary>
public sealed class MeasureException(string message) : Exception(message);
