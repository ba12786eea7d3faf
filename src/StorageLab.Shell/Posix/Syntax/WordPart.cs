namespace StorageLab.Shell.Posix.Syntax;

/// <summary>A piece of a word.</summary>
/// <param name="IsQuoted">Whether it stands in quotes or behind a backslash, so that what it gives is not split.</param>
public abstract record WordPart(bool IsQuoted)
{
    /// <summary>Characters as they are.</summary>
    public sealed record Literal(string Text, bool IsQuoted) : WordPart(IsQuoted);

    /// <summary><c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-word}</c> or <c>$?</c>.</summary>
    /// <param name="Default">What stands for an unset or empty variable; null where none is given.</param>
    public sealed record Parameter(string Name, Word? Default, bool IsQuoted) : WordPart(IsQuoted);

    /// <summary><c>$(…)</c> or backquotes.</summary>
    public sealed record Substitution(ShellNode Body, bool IsQuoted) : WordPart(IsQuoted);
}
