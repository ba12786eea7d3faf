using System.Globalization;

namespace StorageLab.Shell.GoTemplates;

/// <summary>Makes a template's tree of its tokens, with the errors of Go's own parser.</summary>
/// <remarks>Source: Go 1.19, text/template/parse/parse.go.</remarks>
internal sealed class TemplateParser
{
    private readonly IReadOnlyList<Token> _tokens;
    private readonly IReadOnlySet<string> _functions;
    private readonly Dictionary<string, TemplateNode.Sequence> _named = new(StringComparer.Ordinal);
    private List<string> _variables = ["$"];
    private int _next;
    private int _actionLine;
    private int _rangeDepth;

    private TemplateParser(IReadOnlyList<Token> tokens, IReadOnlySet<string> functions) => (_tokens, _functions) = (tokens, functions);

    /// <param name="functions">Names of the functions a template may call.</param>
    /// <param name="named">The templates that are defined in it, by name.</param>
    /// <exception cref="TemplateException">The template is malformed.</exception>
    public static TemplateNode.Sequence Parse(
        string text, IReadOnlySet<string> functions, out IReadOnlyDictionary<string, TemplateNode.Sequence> named)
    {
        TemplateParser parser = new(TemplateLexer.Read(text), functions);
        List<TemplateNode> items = [];
        while (parser.Peek().Kind != TokenKind.EndOfInput)
        {
            if (parser.TryReadDefinition())
                continue;
            TemplateNode node = parser.ReadTextOrAction();
            if (node is TemplateNode.End or TemplateNode.Else)
                throw parser.Bad($"unexpected {node}");
            items.Add(node);
        }

        named = parser._named;
        return new TemplateNode.Sequence(0, items);
    }

    /// <summary>Reads a definition, which stands outside of everything else.</summary>
    private bool TryReadDefinition()
    {
        int mark = _next;
        if (Take().Kind != TokenKind.LeftDelimiter || TakeNonSpace().Kind != TokenKind.Define)
        {
            _next = mark;
            return false;
        }

        const string Context = "define clause";
        string name = ReadName(TakeNonSpace(), Context);
        Expect(TokenKind.RightDelimiter, Context);
        _named[name] = ReadBody(Context);
        return true;
    }

    private string ReadName(Token token, string context) => token.Kind is TokenKind.String or TokenKind.RawString
        ? token.Kind == TokenKind.RawString ? token.Text[1..^1] : GoFormat.TryUnquote(token.Text) ?? throw Bad("invalid syntax")
        : throw Unexpected(token, context);

    /// <summary>What a named template holds; it knows no variables from outside.</summary>
    private TemplateNode.Sequence ReadBody(string context)
    {
        (List<string> outside, int depth) = (_variables, _rangeDepth);
        (_variables, _rangeDepth) = (["$"], 0);
        TemplateNode.Sequence body = ReadSequence(out TemplateNode end);
        if (end is not TemplateNode.End)
            throw Bad($"unexpected {end} in {context}");
        (_variables, _rangeDepth) = (outside, depth);
        return body;
    }

    /// <summary>A call of a named template, or with a body its definition at the same time.</summary>
    private TemplateNode.Call ReadCall(string context)
    {
        Token token = TakeNonSpace();
        string name = ReadName(token, context);
        TemplateNode.Pipeline? pipe = null;
        if (context == "block clause" || PeekNonSpace().Kind != TokenKind.RightDelimiter)
            pipe = ReadPipeline(context, TokenKind.RightDelimiter);
        else
            _next++;
        if (context == "block clause")
            _named.TryAdd(name, ReadBody(context));
        return new TemplateNode.Call(token.Position, name, pipe);
    }

    private Token Peek() => _tokens[Math.Min(_next, _tokens.Count - 1)];

    private Token Take()
    {
        Token token = Peek();
        _next++;
        return token;
    }

    private Token PeekNonSpace()
    {
        while (Peek().Kind == TokenKind.Space)
            _next++;
        return Peek();
    }

    private Token TakeNonSpace()
    {
        _ = PeekNonSpace();
        return Take();
    }

    private TemplateException Bad(string message) =>
        new($"template: :{_tokens[Math.Clamp(_next - 1, 0, _tokens.Count - 1)].Line}: {message}");

    private TemplateException Unexpected(Token token, string context)
    {
        if (token.Kind != TokenKind.Error)
            return Bad($"unexpected {token} in {context}");
        string extra = _actionLine != 0 && _actionLine != token.Line ? $" in action started at :{_actionLine}" : "";
        if (extra.Length > 0 && token.Text.EndsWith(" action", StringComparison.Ordinal))
            extra = extra[" in action".Length..];
        return Bad(token.Text + extra);
    }

    private void Expect(TokenKind kind, string context)
    {
        Token token = TakeNonSpace();
        if (token.Kind != kind)
            throw Unexpected(token, context);
    }

    private TemplateNode ReadTextOrAction()
    {
        Token token = TakeNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Text:
                return new TemplateNode.Text(token.Position, token.Text);
            case TokenKind.LeftDelimiter:
                _actionLine = token.Line;
                TemplateNode action = ReadAction();
                _actionLine = 0;
                return action;
            default:
                throw Unexpected(token, "input");
        }
    }

    private TemplateNode ReadAction()
    {
        Token token = TakeNonSpace();
        switch (token.Kind)
        {
            case TokenKind.If:
                return ReadControl("if", (pipe, then, otherwise) => new TemplateNode.If(token.Position, pipe, then, otherwise));
            case TokenKind.With:
                return ReadControl("with", (pipe, then, otherwise) => new TemplateNode.With(token.Position, pipe, then, otherwise));
            case TokenKind.Range:
                return ReadControl("range", (pipe, then, otherwise) => new TemplateNode.Range(token.Position, pipe, then, otherwise));
            case TokenKind.Break or TokenKind.Continue:
                return ReadLoopControl(token);
            case TokenKind.End:
                Expect(TokenKind.RightDelimiter, "end");
                return new TemplateNode.End(token.Position);
            case TokenKind.Else:
                Token next = PeekNonSpace();
                if (next.Kind != TokenKind.If)
                    Expect(TokenKind.RightDelimiter, "else");
                return new TemplateNode.Else(token.Position);
            case TokenKind.Block:
                return ReadCall("block clause");
            case TokenKind.Template:
                return ReadCall("template clause");
            default:
                _next--;
                int position = Peek().Position;
                return new TemplateNode.Action(position, ReadPipeline("command", TokenKind.RightDelimiter));
        }
    }

    private TemplateNode ReadLoopControl(Token token)
    {
        if (TakeNonSpace() is { Kind: not TokenKind.RightDelimiter } after)
            throw Unexpected(after, $"{{{{{token.Text}}}}}");
        if (_rangeDepth == 0)
            throw Bad($"{{{{{token.Text}}}}} outside {{{{range}}}}");
        return token.Kind == TokenKind.Break ? new TemplateNode.Break(token.Position) : new TemplateNode.Continue(token.Position);
    }

    private TemplateNode ReadControl(string context, Func<TemplateNode.Pipeline, TemplateNode.Sequence, TemplateNode.Sequence?, TemplateNode> make)
    {
        int variableCount = _variables.Count;
        TemplateNode.Pipeline pipe = ReadPipeline(context, TokenKind.RightDelimiter);
        if (context == "range")
            _rangeDepth++;
        TemplateNode.Sequence then = ReadSequence(out TemplateNode end);
        if (context == "range")
            _rangeDepth--;
        TemplateNode.Sequence? otherwise = null;
        if (end is TemplateNode.Else)
        {
            if (context == "if" && PeekNonSpace().Kind == TokenKind.If)
            {
                Token nested = TakeNonSpace();
                otherwise = new TemplateNode.Sequence(
                    nested.Position, [ReadControl("if", (p, t, e) => new TemplateNode.If(nested.Position, p, t, e))]);
            }
            else
            {
                otherwise = ReadSequence(out end);
                if (end is not TemplateNode.End)
                    throw Bad($"expected end; found {end}");
            }
        }

        _variables.RemoveRange(variableCount, _variables.Count - variableCount);
        return make(pipe, then, otherwise);
    }

    private TemplateNode.Sequence ReadSequence(out TemplateNode end)
    {
        int position = PeekNonSpace().Position;
        List<TemplateNode> items = [];
        while (PeekNonSpace().Kind != TokenKind.EndOfInput)
        {
            TemplateNode node = ReadTextOrAction();
            if (node is TemplateNode.End or TemplateNode.Else)
            {
                end = node;
                return new TemplateNode.Sequence(position, items);
            }

            items.Add(node);
        }

        _next++;
        throw Bad("unexpected EOF");
    }

    private TemplateNode.Pipeline ReadPipeline(string context, TokenKind end)
    {
        int position = PeekNonSpace().Position;
        List<TemplateNode.Variable> declarations = [];
        bool isAssignment = ReadDeclarations(context, declarations);
        List<TemplateNode.Command> commands = [];
        while (true)
        {
            Token token = TakeNonSpace();
            if (token.Kind == end)
                break;
            if (token.Kind is not (TokenKind.Boolean or TokenKind.Character or TokenKind.Dot or TokenKind.Field or TokenKind.Identifier
                or TokenKind.Number or TokenKind.Nil or TokenKind.RawString or TokenKind.String or TokenKind.Variable or TokenKind.LeftParenthesis))
                throw Unexpected(token, context);
            _next--;
            commands.Add(ReadCommand());
        }

        if (commands.Count == 0)
            throw Bad($"missing value for {context}");
        for (var stage = 1; stage < commands.Count; stage++)
        {
            if (commands[stage].Arguments[0] is TemplateNode.Dot or TemplateNode.Nil or TemplateNode.Constant)
                throw Bad($"non executable command in pipeline stage {stage + 1}");
        }

        return new TemplateNode.Pipeline(position, isAssignment, declarations, commands);
    }

    private bool ReadDeclarations(string context, List<TemplateNode.Variable> declarations)
    {
        while (PeekNonSpace().Kind == TokenKind.Variable)
        {
            int mark = _next;
            Token variable = Take();
            Token next = PeekNonSpace();
            if (next.Kind is TokenKind.Assign or TokenKind.Declare)
            {
                _next++;
                declarations.Add(new TemplateNode.Variable(variable.Position, variable.Text, []));
                _variables.Add(variable.Text);
                return next.Kind == TokenKind.Assign;
            }

            if (next.Kind != TokenKind.Punctuation || next.Text != ",")
            {
                _next = mark;
                return false;
            }

            _next++;
            declarations.Add(new TemplateNode.Variable(variable.Position, variable.Text, []));
            _variables.Add(variable.Text);
            if (context != "range" || declarations.Count >= 2)
                throw Bad($"too many declarations in {context}");
            if (PeekNonSpace().Kind is not (TokenKind.Variable or TokenKind.RightDelimiter or TokenKind.RightParenthesis))
                throw Bad("range can only initialize variables");
        }

        return false;
    }

    private TemplateNode.Command ReadCommand()
    {
        int position = PeekNonSpace().Position;
        List<TemplateNode> arguments = [];
        while (true)
        {
            _ = PeekNonSpace();
            if (ReadOperand() is { } operand)
                arguments.Add(operand);
            Token token = Take();
            switch (token.Kind)
            {
                case TokenKind.Space:
                    continue;
                case TokenKind.RightDelimiter or TokenKind.RightParenthesis:
                    _next--;
                    break;
                case TokenKind.Pipe:
                    break;
                default:
                    throw Unexpected(token, "operand");
            }

            return arguments.Count > 0 ? new TemplateNode.Command(position, arguments) : throw Bad("empty command");
        }
    }

    private TemplateNode? ReadOperand()
    {
        TemplateNode? node = ReadTerm();
        if (node is null || Peek().Kind != TokenKind.Field)
            return node;
        int position = Peek().Position;
        List<string> names = [];
        while (Peek().Kind == TokenKind.Field)
            names.Add(Take().Text[1..]);
        return node switch
        {
            TemplateNode.Field field => new TemplateNode.Field(position, [.. field.Names, .. names]),
            TemplateNode.Variable variable => new TemplateNode.Variable(position, variable.Name, [.. variable.Fields, .. names]),
            TemplateNode.Constant or TemplateNode.Nil or TemplateNode.Dot => throw Bad($"unexpected . after term {GoFormat.Quote(node.ToString())}"),
            _ => new TemplateNode.Chain(position, node, names),
        };
    }

    private TemplateNode? ReadTerm()
    {
        Token token = TakeNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                return _functions.Contains(token.Text)
                    ? new TemplateNode.Identifier(token.Position, token.Text)
                    : throw Bad($"function {GoFormat.Quote(token.Text)} not defined");
            case TokenKind.Dot:
                return new TemplateNode.Dot(token.Position);
            case TokenKind.Nil:
                return new TemplateNode.Nil(token.Position);
            case TokenKind.Variable:
                return _variables.Contains(token.Text)
                    ? new TemplateNode.Variable(token.Position, token.Text, [])
                    : throw Bad($"undefined variable {GoFormat.Quote(token.Text)}");
            case TokenKind.Field:
                return new TemplateNode.Field(token.Position, [token.Text[1..]]);
            case TokenKind.Boolean:
                return new TemplateNode.Constant(token.Position, token.Text == "true", token.Text);
            case TokenKind.Character or TokenKind.Number:
                return new TemplateNode.Constant(token.Position, ReadNumber(token), token.Text);
            case TokenKind.LeftParenthesis:
                return ReadPipeline("parenthesized pipeline", TokenKind.RightParenthesis);
            case TokenKind.String:
                string unquoted = GoFormat.TryUnquote(token.Text) ?? throw Bad("invalid syntax");
                return new TemplateNode.Constant(token.Position, unquoted, token.Text);
            case TokenKind.RawString:
                return new TemplateNode.Constant(token.Position, token.Text[1..^1], token.Text);
            default:
                _next--;
                return null;
        }
    }

    private object ReadNumber(Token token)
    {
        if (token.Kind == TokenKind.Character)
        {
            string? character = GoFormat.TryUnquote($"\"{token.Text[1..^1].Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
            return character is { Length: > 0 } && character.EnumerateRunes().Count() == 1
                ? (long)character.EnumerateRunes().First().Value
                : throw Bad($"malformed character constant: {token.Text}");
        }

        string text = token.Text.Replace("_", "", StringComparison.Ordinal);
        bool isNegative = text.StartsWith('-');
        string digits = text.TrimStart('+', '-');
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && long.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex))
            return isNegative ? -hex : hex;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
            return integer;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
            ? real
            : throw Bad($"illegal number syntax: {GoFormat.Quote(token.Text)}");
    }
}
