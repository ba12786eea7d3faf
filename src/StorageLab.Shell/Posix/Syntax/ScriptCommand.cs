namespace StorageLab.Shell.Posix.Syntax;

/// <summary>A command of a script that is not part of another, and what of the text is its own.</summary>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index behind its last, the lines of its here-documents included.</param>
public sealed record ScriptCommand(ShellNode Node, int Start, int End);
