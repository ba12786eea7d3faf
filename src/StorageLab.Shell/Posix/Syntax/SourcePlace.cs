namespace StorageLab.Shell.Posix.Syntax;

/// <summary>Where in a file something stands.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in characters.</param>
public readonly record struct SourcePlace(int Line, int Column);
