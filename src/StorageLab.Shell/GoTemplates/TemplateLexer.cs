namespace StorageLab.Shell.GoTemplates;

/// <summary>Cuts a template into tokens, with the errors of Go's own lexer.</summary>
/// <remarks>Source: Go 1.19, text/template/parse/lex.go.</remarks>
internal sealed class TemplateLexer
{
    private const string LeftDelimiter = "{{";
    private const string RightDelimiter = "}}";
    private const string LeftComment = "/*";
    private const string RightComment = "*/";

    private static readonly Dictionary<string, TokenKind> Keywords = new(StringComparer.Ordinal)
    {
        ["if"] = TokenKind.If, ["else"] = TokenKind.Else, ["end"] = TokenKind.End, ["range"] = TokenKind.Range, ["with"] = TokenKind.With,
        ["nil"] = TokenKind.Nil, ["break"] = TokenKind.Break, ["continue"] = TokenKind.Continue, ["define"] = TokenKind.Define,
        ["block"] = TokenKind.Block, ["template"] = TokenKind.Template, ["true"] = TokenKind.Boolean, ["false"] = TokenKind.Boolean,
    };

    private readonly string _input;
    private readonly List<Token> _tokens = [];
    private int _position;
    private int _line = 1;
    private int _parenthesisDepth;
    private bool _failed;

    private TemplateLexer(string input) => _input = input;

    /// <summary>All tokens; the last is the end, or the first error.</summary>
    public static List<Token> Read(string input)
    {
        TemplateLexer lexer = new(input);
        while (!lexer._failed && lexer._position < input.Length)
            lexer.ReadText();
        if (!lexer._failed)
            lexer.Emit(TokenKind.EndOfInput, lexer._position);
        return lexer._tokens;
    }

    private void ReadText()
    {
        int start = _position;
        int left = _input.IndexOf(LeftDelimiter, start, StringComparison.Ordinal);
        int end = left < 0 ? _input.Length : left;
        _position = end;
        bool trims = left >= 0 && HasLeftTrim(left + LeftDelimiter.Length);
        int textEnd = trims ? start + _input[start..end].TrimEnd(' ', '\t', '\r', '\n').Length : end;
        if (textEnd > start)
            _tokens.Add(new Token(TokenKind.Text, start, _input[start..textEnd], _line));
        CountLines(start, end);
        if (left >= 0)
            ReadAction(trims);
    }

    private void ReadAction(bool trims)
    {
        int start = _position;
        _position += LeftDelimiter.Length;
        int contentAt = _position + (trims ? 2 : 0);
        if (string.CompareOrdinal(_input, contentAt, LeftComment, 0, LeftComment.Length) == 0)
        {
            ReadComment(contentAt);
            return;
        }

        _tokens.Add(new Token(TokenKind.LeftDelimiter, start, LeftDelimiter, _line));
        _position = contentAt;
        _parenthesisDepth = 0;
        while (!_failed)
        {
            if (AtRightDelimiter(out bool trimsRight))
            {
                if (_parenthesisDepth > 0)
                {
                    Fail("unclosed left paren");
                    return;
                }

                _position += trimsRight ? 2 : 0;
                int delimiterAt = _position;
                _position += RightDelimiter.Length;
                Emit(TokenKind.RightDelimiter, delimiterAt);
                if (trimsRight)
                    SkipSpace();
                return;
            }

            ReadInside();
        }
    }

    private void ReadComment(int contentAt)
    {
        int end = _input.IndexOf(RightComment, contentAt + LeftComment.Length, StringComparison.Ordinal);
        if (end < 0)
        {
            Fail("unclosed comment");
            return;
        }

        CountLines(_position, end);
        _position = end + RightComment.Length;
        if (!AtRightDelimiter(out bool trimsRight))
        {
            Fail("comment ends before closing delimiter");
            return;
        }

        _position += RightDelimiter.Length + (trimsRight ? 2 : 0);
        if (trimsRight)
            SkipSpace();
    }

    private void ReadInside()
    {
        if (_position >= _input.Length)
        {
            Fail("unclosed action");
            return;
        }

        int start = _position;
        char character = _input[_position];
        switch (character)
        {
            case ' ' or '\t' or '\r' or '\n':
                while (_position < _input.Length && IsSpace(_input[_position]) && !(AtRightDelimiter(out bool trims) && trims))
                    _position++;
                Emit(TokenKind.Space, start);
                return;
            case '=':
                Single(TokenKind.Assign);
                return;
            case ':':
                _position++;
                if (_position >= _input.Length || _input[_position] != '=')
                {
                    Fail("expected :=");
                    return;
                }

                Single(TokenKind.Declare, start);
                return;
            case '|':
                Single(TokenKind.Pipe);
                return;
            case '"':
                ReadQuoted('"', TokenKind.String, "unterminated quoted string");
                return;
            case '\'':
                ReadQuoted('\'', TokenKind.Character, "unterminated character constant");
                return;
            case '`':
                ReadRawString();
                return;
            case '$':
                _position++;
                ReadName(TokenKind.Variable, start);
                return;
            case '.' when _position + 1 >= _input.Length || !char.IsAsciiDigit(_input[_position + 1]):
                _position++;
                ReadName(TokenKind.Field, start);
                return;
            case '(':
                _parenthesisDepth++;
                Single(TokenKind.LeftParenthesis);
                return;
            case ')':
                _parenthesisDepth--;
                Single(TokenKind.RightParenthesis);
                if (_parenthesisDepth < 0)
                    Fail("unexpected right paren U+0029 ')'");
                return;
        }

        if (character is '.' or '+' or '-' || char.IsAsciiDigit(character))
            ReadNumber();
        else if (IsAlphaNumeric(character))
            ReadIdentifier();
        else if (character is > ' ' and < '\x7f')
            Single(TokenKind.Punctuation);
        else
            Fail($"unrecognized character in action: {GoFormat.Unicode(_input, _position)}");
    }

    private void Single(TokenKind kind, int? start = null)
    {
        int from = start ?? _position;
        _position++;
        Emit(kind, from);
    }

    private void ReadIdentifier()
    {
        int start = _position;
        while (_position < _input.Length && IsAlphaNumeric(_input[_position]))
            _position++;
        if (!AtTerminator())
        {
            Fail($"bad character {GoFormat.Unicode(_input, _position)}");
            return;
        }

        Emit(Keywords.GetValueOrDefault(_input[start.._position], TokenKind.Identifier), start);
    }

    /// <summary>A field after its dot, or a variable after its dollar.</summary>
    private void ReadName(TokenKind kind, int start)
    {
        if (AtTerminator())
        {
            Emit(kind == TokenKind.Variable ? kind : TokenKind.Dot, start);
            return;
        }

        while (_position < _input.Length && IsAlphaNumeric(_input[_position]))
            _position++;
        if (AtTerminator())
            Emit(kind, start);
        else
            Fail($"bad character {GoFormat.Unicode(_input, _position)}");
    }

    private void ReadNumber()
    {
        int start = _position;
        if (_input[_position] is '+' or '-')
            _position++;
        bool isHex = _position + 1 < _input.Length && _input[_position] == '0' && _input[_position + 1] is 'x' or 'X';
        if (isHex)
            _position += 2;
        while (_position < _input.Length && IsNumberPart(_input[_position], isHex))
            _position++;
        if (_position < _input.Length && IsAlphaNumeric(_input[_position]))
        {
            _position++;
            Fail($"bad number syntax: {GoFormat.Quote(_input[start.._position])}");
            return;
        }

        Emit(TokenKind.Number, start);
    }

    private bool IsNumberPart(char character, bool isHex) =>
        isHex ? char.IsAsciiHexDigit(character) || character == '_'
        : char.IsAsciiDigit(character) || character is '.' or '_' or 'e' or 'E'
            || (character is '+' or '-' && _input[_position - 1] is 'e' or 'E');

    private void ReadQuoted(char quote, TokenKind kind, string unterminated)
    {
        int start = _position++;
        while (true)
        {
            if (_position >= _input.Length || _input[_position] == '\n')
            {
                Fail(unterminated);
                return;
            }

            char character = _input[_position++];
            if (character == quote)
                break;
            if (character != '\\')
                continue;
            if (_position >= _input.Length || _input[_position] == '\n')
            {
                Fail(unterminated);
                return;
            }

            _position++;
        }

        Emit(kind, start);
    }

    private void ReadRawString()
    {
        int start = _position;
        int end = _input.IndexOf('`', start + 1);
        if (end < 0)
        {
            Fail("unterminated raw quoted string");
            return;
        }

        _position = end + 1;
        Emit(TokenKind.RawString, start);
    }

    private void Emit(TokenKind kind, int start)
    {
        _tokens.Add(new Token(kind, start, _input[start.._position], _line));
        CountLines(start, _position);
    }

    private void Fail(string message)
    {
        _failed = true;
        _tokens.Add(new Token(TokenKind.Error, _position, message, _line));
    }

    private void SkipSpace()
    {
        int start = _position;
        while (_position < _input.Length && IsSpace(_input[_position]))
            _position++;
        CountLines(start, _position);
    }

    private void CountLines(int start, int end) => _line += _input.AsSpan(start, end - start).Count('\n');

    private bool HasLeftTrim(int at) => at + 1 < _input.Length && _input[at] == '-' && IsSpace(_input[at + 1]);

    private bool AtRightDelimiter(out bool trims)
    {
        trims = _position + 1 < _input.Length && IsSpace(_input[_position]) && _input[_position + 1] == '-'
            && string.CompareOrdinal(_input, _position + 2, RightDelimiter, 0, RightDelimiter.Length) == 0;
        return trims || string.CompareOrdinal(_input, _position, RightDelimiter, 0, RightDelimiter.Length) == 0;
    }

    private bool AtTerminator() =>
        _position >= _input.Length || IsSpace(_input[_position]) || _input[_position] is '.' or ',' or '|' or ':' or ')' or '('
        || string.CompareOrdinal(_input, _position, RightDelimiter, 0, RightDelimiter.Length) == 0;

    private static bool IsSpace(char character) => character is ' ' or '\t' or '\r' or '\n';

    private static bool IsAlphaNumeric(char character) => character == '_' || char.IsLetterOrDigit(character);
}
