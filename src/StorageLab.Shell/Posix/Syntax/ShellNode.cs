using System.Collections.Immutable;

namespace StorageLab.Shell.Posix.Syntax;

/// <summary>A command of a script.</summary>
/// <param name="Place">Where it begins.</param>
public abstract record ShellNode(SourcePlace Place)
{
    /// <summary>Assignments, a command's name and arguments, redirections; not all of them empty.</summary>
    public sealed record Simple(
        SourcePlace Place, ImmutableArray<Assignment> Assignments, ImmutableArray<Word> Words, ImmutableArray<Redirection> Redirections) : ShellNode(Place);

    /// <summary>Commands joined by <c>|</c>, at least one; <c>!</c> turns the last one's status round.</summary>
    public sealed record Pipeline(SourcePlace Place, ImmutableArray<ShellNode> Stages, bool IsNegated) : ShellNode(Place);

    /// <summary>Commands joined by <c>&amp;&amp;</c> and <c>||</c>, from left to right.</summary>
    public sealed record AndOr(SourcePlace Place, ShellNode First, ImmutableArray<AndOrPart> Rest) : ShellNode(Place);

    /// <summary>Commands one after another.</summary>
    public sealed record Sequence(SourcePlace Place, ImmutableArray<ShellNode> Commands) : ShellNode(Place);

    public sealed record For(SourcePlace Place, string Variable, ImmutableArray<Word> Words, ShellNode Body) : ShellNode(Place);

    public sealed record If(SourcePlace Place, ShellNode Condition, ShellNode Then, ShellNode? Else) : ShellNode(Place);

    /// <summary><c>while</c>, or <c>until</c>.</summary>
    public sealed record While(SourcePlace Place, ShellNode Condition, ShellNode Body, bool IsUntil) : ShellNode(Place);

    /// <summary><c>( … )</c>: what it sets is forgotten.</summary>
    public sealed record Subshell(SourcePlace Place, ShellNode Body) : ShellNode(Place);

    /// <summary>A compound command with redirections behind it.</summary>
    public sealed record Redirected(SourcePlace Place, ShellNode Body, ImmutableArray<Redirection> Redirections) : ShellNode(Place);
}
