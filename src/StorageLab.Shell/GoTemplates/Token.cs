namespace StorageLab.Shell.GoTemplates;

/// <summary>A piece of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Position">Where it begins, in characters from 0.</param>
/// <param name="Text">As written; for an error what is wrong.</param>
/// <param name="Line">From 1.</param>
internal readonly record struct Token(TokenKind Kind, int Position, string Text, int Line)
{
    private const int ShownLengthMax = 10;

    public bool IsKeyword => Kind >= TokenKind.If;

    /// <summary>As Go's parser shows it in its errors (text/template/parse/lex.go, item.String).</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.EndOfInput => "EOF",
        TokenKind.Error => Text,
        _ when IsKeyword => $"<{Text}>",
        _ => Text.Length > ShownLengthMax ? GoFormat.Quote(Text[..ShownLengthMax]) + "..." : GoFormat.Quote(Text),
    };
}
