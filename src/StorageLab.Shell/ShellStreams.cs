namespace StorageLab.Shell;

/// <summary>The three streams a command reads and writes.</summary>
public sealed record ShellStreams(TextReader Input, TextWriter Output, TextWriter Error);
