namespace StorageLab.Shell.Posix.Syntax;

/// <summary><c>NAME=word</c> before a command, or on its own.</summary>
public sealed record Assignment(string Name, Word Value);
