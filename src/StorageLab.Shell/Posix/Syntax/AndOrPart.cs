namespace StorageLab.Shell.Posix.Syntax;

/// <summary>A command behind <c>&amp;&amp;</c> or <c>||</c>.</summary>
/// <param name="AfterSuccess">True for <c>&amp;&amp;</c>.</param>
public sealed record AndOrPart(bool AfterSuccess, ShellNode Command);
