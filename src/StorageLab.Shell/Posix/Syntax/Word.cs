using System.Collections.Immutable;

namespace StorageLab.Shell.Posix.Syntax;

/// <summary>A word before its expansion.</summary>
public sealed record Word(SourcePlace Place, ImmutableArray<WordPart> Parts)
{
    /// <summary>The word's text when nothing in it has to be expanded; else null.</summary>
    public string? LiteralText => Parts.All(part => part is WordPart.Literal)
        ? string.Concat(Parts.Select(part => ((WordPart.Literal)part).Text))
        : null;

    /// <summary>The word's text when it is plain and unquoted, as reserved words have to be; else null.</summary>
    public string? PlainText => Parts is [WordPart.Literal { IsQuoted: false } literal] ? literal.Text : null;
}
