using System.Collections.Immutable;
using System.Text;

namespace StorageLab.Shell.Posix.Syntax;

/// <summary>Reads words: quotes, backslashes, variables and substitutions.</summary>
internal sealed class WordReader(ScriptCursor cursor, int depth = 0)
{
    private readonly List<WordPart> _parts = [];
    private readonly StringBuilder _literal = new();
    private bool _literalIsQuoted;

    /// <summary>Whether a word can begin with the character.</summary>
    public static bool Begins(char c) => c is not (ScriptCursor.End or ' ' or '\t' or '\n' or ';' or '&' or '|' or '<' or '>' or '(' or ')');

    /// <summary>Reads a word; the cursor stands at its first character.</summary>
    public Word Read()
    {
        SourcePlace place = cursor.Place;
        while (Begins(cursor.Peek()))
            ReadPiece();
        return Finish(place);
    }

    /// <summary>Reads the value of an assignment, which may be empty.</summary>
    public Word ReadValue() => cursor.Peek() == '(' ? throw cursor.Wrong("a list in brackets is not supported; a variable holds one text") : Read();

    /// <summary>Reads a whole text as if it stood in double quotes, except that these are ordinary.</summary>
    public Word ReadHereDocument()
    {
        SourcePlace place = cursor.Place;
        while (!cursor.IsAtEnd)
            ReadQuotedPiece(quoteIsSpecial: false);
        return Finish(place);
    }

    private void ReadPiece()
    {
        switch (cursor.Peek())
        {
            case '\'':
                ReadSingleQuoted();
                break;
            case '"':
                ReadDoubleQuoted();
                break;
            case '\\':
                cursor.Skip();
                // A backslash at the very end of the text stands for itself.
                Add(cursor.PeekRaw() == ScriptCursor.End ? '\\' : cursor.PeekRaw(), isQuoted: true);
                if (cursor.PeekRaw() != ScriptCursor.End)
                    cursor.Skip();
                break;
            case '$':
                ReadDollar(isQuoted: false);
                break;
            case '`':
                ReadBackquoted(isQuoted: false);
                break;
            case '{':
                CheckBraces();
                Add('{', isQuoted: false);
                cursor.Skip();
                break;
            case var c:
                Add(c, isQuoted: false);
                cursor.Skip();
                break;
        }
    }

    private void ReadSingleQuoted()
    {
        int start = cursor.Index;
        OpenQuote();
        while (cursor.PeekRaw() != '\'')
        {
            if (cursor.PeekRaw() == ScriptCursor.End)
                throw Open(start, "this ' is not closed; write another ' where the quoted text ends");
            Add(cursor.PeekRaw(), isQuoted: true);
            cursor.Skip();
        }

        cursor.Skip();
    }

    private void ReadDoubleQuoted()
    {
        int start = cursor.Index;
        OpenQuote();
        while (cursor.Peek() != '"')
        {
            if (cursor.IsAtEnd)
                throw Open(start, "this \" is not closed; write another \" where the quoted text ends");
            ReadQuotedPiece(quoteIsSpecial: true);
        }

        cursor.Skip();
    }

    private void ReadQuotedPiece(bool quoteIsSpecial)
    {
        switch (cursor.Peek())
        {
            case '\\' when cursor.PeekRaw(1) is '$' or '`' or '\\' || (quoteIsSpecial && cursor.PeekRaw(1) == '"'):
                cursor.Skip();
                Add(cursor.PeekRaw(), isQuoted: true);
                cursor.Skip();
                break;
            case '$':
                ReadDollar(isQuoted: true);
                break;
            case '`':
                ReadBackquoted(isQuoted: true);
                break;
            case var c:
                Add(c, isQuoted: true);
                cursor.Skip();
                break;
        }
    }

    private void ReadDollar(bool isQuoted)
    {
        int start = cursor.Index;
        cursor.Skip();
        switch (cursor.Peek())
        {
            case '(' when cursor.PeekSecond() == '(':
                throw cursor.Text.Wrong(start, "arithmetic, $((…)), is not supported");
            case '(':
                cursor.Skip();
                ShellNode body = new ScriptParser(cursor, CheckedDepth(start)).ParseUntil(")", start, "this $( is not closed; a ) has to follow");
                AddPart(new WordPart.Substitution(body, isQuoted));
                break;
            case '{':
                ReadBraced(start, isQuoted);
                break;
            case '?':
                cursor.Skip();
                AddPart(new WordPart.Parameter("?", null, isQuoted));
                break;
            case var c when IsNameStart(c):
                AddPart(new WordPart.Parameter(ReadName(), null, isQuoted));
                break;
            case var c when char.IsAsciiDigit(c) || c is '@' or '*' or '#' or '$' or '!' or '-':
                throw cursor.Text.Wrong(start, $"${c} is not supported; $NAME, ${{NAME}}, $? and $(…) are");
            case '\'' or '"' when !isQuoted:
                throw cursor.Text.Wrong(start, $"${cursor.Peek()}…{cursor.Peek()} is not supported; quote with ' or \" alone");
            default:
                Add('$', isQuoted);
                break;
        }
    }

    private void ReadBraced(int start, bool isQuoted)
    {
        cursor.Skip();
        bool isStatus = cursor.Peek() == '?';
        if (isStatus)
            cursor.Skip();
        string name = isStatus ? "?" : ReadName();
        if (cursor.IsAtEnd)
            throw Open(start, "this ${ is not closed; a } has to follow");
        Word? fallback = null;
        if (name.Length > 0 && cursor.TrySkip(":-"))
            fallback = new WordReader(cursor, CheckedDepth(start)).ReadDefault(start, isQuoted);
        if (name.Length == 0 || cursor.Peek() != '}')
            throw cursor.Text.Wrong(start, "this ${…} is not supported; ${NAME} and ${NAME:-text} are");
        cursor.Skip();
        AddPart(new WordPart.Parameter(name, fallback, isQuoted));
    }

    private Word ReadDefault(int start, bool isQuoted)
    {
        SourcePlace place = cursor.Place;
        while (cursor.Peek() != '}')
        {
            if (cursor.IsAtEnd)
                throw Open(start, "this ${ is not closed; a } has to follow");
            if (isQuoted)
                ReadQuotedPiece(quoteIsSpecial: true);
            else
                ReadPiece();
        }

        return Finish(place);
    }

    private void ReadBackquoted(bool isQuoted)
    {
        int start = cursor.Index;
        cursor.Skip();
        List<int> indices = [];
        while (cursor.PeekRaw() != '`')
        {
            char c = cursor.PeekRaw();
            if (c == ScriptCursor.End)
                throw Open(start, "this ` is not closed; write another ` where the command ends");
            if (c == '\\')
            {
                char next = cursor.PeekRaw(1);
                if (next is not ('$' or '`' or '\\') && !(isQuoted && next == '"'))
                    indices.Add(cursor.Index);
                cursor.Skip();
                if (next == ScriptCursor.End)
                    continue;
            }

            indices.Add(cursor.Index);
            cursor.Skip();
        }

        ScriptText inner = cursor.Text.Pick(indices, cursor.Index);
        cursor.Skip();
        ShellNode body = new ScriptParser(new ScriptCursor(inner), CheckedDepth(start)).ParseWhole();
        AddPart(new WordPart.Substitution(body, isQuoted));
    }

    private string ReadName()
    {
        StringBuilder name = new();
        while (IsNameStart(cursor.Peek()) || (name.Length > 0 && char.IsAsciiDigit(cursor.Peek())))
        {
            name.Append(cursor.Peek());
            cursor.Skip();
        }

        return name.ToString();
    }

    /// <summary>{a,b} and {1..3} are other shells' expansions: here they would mean themselves, which nobody who writes them wants.</summary>
    private void CheckBraces()
    {
        string text = cursor.Text.Text;
        int end = cursor.Index + 1;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is ',' or '.' or '-' or '_' or '/' or ':'))
            end++;
        ReadOnlySpan<char> inside = text.AsSpan(cursor.Index + 1, end - cursor.Index - 1);
        if (end < text.Length && text[end] == '}' && (inside.Contains(',') || inside.Contains("..", StringComparison.Ordinal)))
            throw cursor.Wrong("expansion of {…} is not supported; write the words out, or $(seq FIRST LAST)");
    }

    private int CheckedDepth(int start) =>
        depth < ScriptParser.DepthMax ? depth + 1 : throw cursor.Text.Wrong(start, $"commands are nested deeper than {ScriptParser.DepthMax}");

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private ScriptException Open(int start, string message) => cursor.Text.Wrong(start, message, Incompleteness.Word);

    private void Add(char c, bool isQuoted)
    {
        StartLiteral(isQuoted);
        _literal.Append(c);
    }

    /// <summary>Quotes make an empty word where there would be none.</summary>
    private void OpenQuote()
    {
        cursor.Skip();
        AddPart(new WordPart.Literal("", IsQuoted: true));
    }

    private void AddPart(WordPart part)
    {
        EndLiteral();
        _parts.Add(part);
    }

    private void StartLiteral(bool isQuoted)
    {
        if (_literalIsQuoted != isQuoted)
            EndLiteral();
        _literalIsQuoted = isQuoted;
    }

    private void EndLiteral()
    {
        if (_literal.Length > 0)
            _parts.Add(new WordPart.Literal(_literal.ToString(), _literalIsQuoted));
        _literal.Clear();
    }

    private Word Finish(SourcePlace place)
    {
        EndLiteral();
        return new Word(place, [.. _parts]);
    }
}
