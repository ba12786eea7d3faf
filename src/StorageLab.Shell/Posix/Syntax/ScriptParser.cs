using System.Collections.Immutable;

namespace StorageLab.Shell.Posix.Syntax;

/// <summary>Parses the part of the POSIX shell's language that the lab speaks.</summary>
/// <remarks>Source: POSIX.1-2017, Shell Command Language, 2.3 to 2.10. What is left out is said to be so, at its place.</remarks>
public sealed class ScriptParser
{
    /// <summary>Commands and substitutions inside one another; more would cost the stack.</summary>
    internal const int DepthMax = 100;

    /// <summary>Longest reserved word.</summary>
    private const int ReservedLengthMax = 8;

    /// <summary>Longest name of a variable that is looked for.</summary>
    private const int NameLengthMax = 256;

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "if", "then", "elif", "else", "fi", "for", "in", "do", "done", "while", "until", "case", "esac", "{", "}", "!",
    };

    private static readonly Dictionary<string, string> Unsupported = new(StringComparer.Ordinal)
    {
        ["case"] = "case is not supported; if … elif … fi is",
        ["function"] = "functions are not supported",
        ["select"] = "select is not supported",
        ["[["] = "[[ … ]] is not supported; [ … ] is",
    };

    private readonly ScriptCursor _cursor;
    private readonly int _depth;

    internal ScriptParser(ScriptCursor cursor, int depth = 0)
    {
        _cursor = cursor;
        _depth = depth;
    }

    /// <summary>Parses a script.</summary>
    /// <returns>Its commands in order; none for a script of comments.</returns>
    /// <exception cref="ScriptException">It cannot be read.</exception>
    public static ImmutableArray<ScriptCommand> Parse(ScriptText text)
    {
        int nul = text.Text.IndexOf(ScriptCursor.End, StringComparison.Ordinal);
        return nul < 0 ? new ScriptParser(new ScriptCursor(text)).ParseScript() : throw text.Wrong(nul, "a NUL character is no text");
    }

    private ImmutableArray<ScriptCommand> ParseScript()
    {
        ImmutableArray<ScriptCommand>.Builder commands = ImmutableArray.CreateBuilder<ScriptCommand>();
        _cursor.SkipLines();
        while (!_cursor.IsAtEnd)
        {
            int start = _cursor.Index;
            ShellNode node = ParseAndOr();
            int end = _cursor.Index;
            bool hasDocuments = _cursor.ExpectsDocuments;
            if (!TrySkipSeparator() && !_cursor.IsAtEnd)
                throw Unexpected();
            // The lines of a here-document belong to the command.
            if (hasDocuments && _cursor.Peek() == '\n')
            {
                _cursor.SkipLineEnd();
                end = _cursor.Index;
            }

            commands.Add(new ScriptCommand(node, start, end));
            _cursor.SkipLines();
        }

        _cursor.CheckNoneExpected();
        return commands.ToImmutable();
    }

    /// <summary>Parses up to the end of the text.</summary>
    internal ShellNode.Sequence ParseWhole()
    {
        ShellNode.Sequence script = ParseSequence();
        if (!_cursor.IsAtEnd)
            throw Unexpected();
        _cursor.CheckNoneExpected();
        return script;
    }

    /// <summary>Parses commands up to a closing bracket or word, and moves behind it.</summary>
    /// <param name="end"><c>)</c> or a reserved word.</param>
    /// <param name="start">Index of what it closes.</param>
    /// <param name="missing">What to say when it is not there.</param>
    internal ShellNode.Sequence ParseUntil(string end, int start, string missing)
    {
        ShellNode.Sequence body = ParseSequence();
        if (_cursor.IsAtEnd)
            throw _cursor.Text.Wrong(start, missing, end == ")" ? Incompleteness.Word : Incompleteness.Command);
        if (end == ")" ? _cursor.Peek() != ')' : PeekReserved() != end)
            throw Unexpected();
        SkipWord(end);
        return body;
    }

    private ShellNode.Sequence ParseSequence()
    {
        SourcePlace place = _cursor.Place;
        ImmutableArray<ShellNode>.Builder commands = ImmutableArray.CreateBuilder<ShellNode>();
        _cursor.SkipLines();
        while (!_cursor.IsAtEnd && _cursor.Peek() != ')' && PeekReserved() is not ("then" or "elif" or "else" or "fi" or "do" or "done" or "}" or "esac"))
        {
            commands.Add(ParseAndOr());
            if (!TrySkipSeparator())
                break;
            _cursor.SkipLines();
        }

        return new ShellNode.Sequence(place, commands.ToImmutable());
    }

    /// <summary>Moves over a semicolon, or up to the end of the line.</summary>
    /// <returns>False when neither is there.</returns>
    private bool TrySkipSeparator()
    {
        _cursor.SkipBlanks();
        if (_cursor.Peek() == '&' && _cursor.PeekSecond() != '&')
            throw _cursor.Wrong("running a command in the background with & is not supported");
        if (_cursor.Peek() != ';' || _cursor.PeekSecond() == ';')
            return _cursor.Peek() == '\n';
        _cursor.Skip();
        _cursor.SkipBlanks();
        return true;
    }

    private ShellNode ParseAndOr()
    {
        SourcePlace place = _cursor.Place;
        ShellNode first = ParsePipeline();
        ImmutableArray<AndOrPart>.Builder rest = ImmutableArray.CreateBuilder<AndOrPart>();
        while (true)
        {
            _cursor.SkipBlanks();
            bool isAnd = _cursor.TrySkip("&&");
            if (!isAnd && !_cursor.TrySkip("||"))
                break;
            ContinueLine(isAnd ? "&&" : "||");
            rest.Add(new AndOrPart(isAnd, ParsePipeline()));
        }

        return rest.Count == 0 ? first : new ShellNode.AndOr(place, first, rest.ToImmutable());
    }

    private ShellNode ParsePipeline()
    {
        SourcePlace place = _cursor.Place;
        var isNegated = false;
        while (PeekReserved() == "!")
        {
            SkipWord("!");
            isNegated = !isNegated;
            _cursor.SkipBlanks();
        }

        ImmutableArray<ShellNode>.Builder stages = ImmutableArray.CreateBuilder<ShellNode>();
        stages.Add(ParseCommand());
        _cursor.SkipBlanks();
        while (_cursor.Peek() == '|' && _cursor.PeekSecond() != '|')
        {
            _cursor.Skip();
            if (_cursor.Peek() == '&')
                throw _cursor.Wrong("|& is not supported; write 2>&1 |");
            ContinueLine("|");
            stages.Add(ParseCommand());
            _cursor.SkipBlanks();
        }

        return stages.Count == 1 && !isNegated ? stages[0] : new ShellNode.Pipeline(place, stages.ToImmutable(), isNegated);
    }

    /// <summary>Behind an operator a command has to follow, on this line or a later one.</summary>
    private void ContinueLine(string @operator)
    {
        int end = _cursor.Index;
        _cursor.SkipLines();
        if (_cursor.IsAtEnd)
            throw _cursor.Text.Wrong(end, $"a command has to follow {@operator}", Incompleteness.Command);
    }

    private ShellNode ParseCommand()
    {
        if (_depth > DepthMax)
            throw _cursor.Wrong($"commands are nested deeper than {DepthMax}");
        _cursor.SkipBlanks();
        SourcePlace place = _cursor.Place;
        int start = _cursor.Index;
        ScriptParser inner = new(_cursor, _depth + 1);
        ShellNode? compound = null;
        if (_cursor.Peek() == '(')
        {
            if (_cursor.PeekSecond() == '(')
                throw _cursor.Wrong("arithmetic, ((…)), is not supported");
            _cursor.Skip();
            compound = new ShellNode.Subshell(place, inner.ParseUntil(")", start, "this ( is not closed; a ) has to follow"));
        }
        else
        {
            string? reserved = PeekReserved();
            if (reserved is not null && Unsupported.TryGetValue(reserved, out string? message))
                throw _cursor.Wrong(message);
            compound = reserved switch
            {
                "{" => inner.ParseBraces(start),
                "if" => inner.ParseIf(place, start),
                "while" or "until" => inner.ParseWhile(place, start, reserved),
                "for" => inner.ParseFor(place, start),
                null => null,
                _ => throw Unexpected(),
            };
        }

        if (compound is null)
            return ParseSimple(place);
        ImmutableArray<Redirection> redirections = ParseRedirections();
        _cursor.SkipBlanks();
        if (WordReader.Begins(_cursor.Peek()) && PeekReserved() is null)
            throw Unexpected();
        return redirections.IsEmpty ? compound : new ShellNode.Redirected(place, compound, redirections);
    }

    private ShellNode.Sequence ParseBraces(int start)
    {
        SkipWord("{");
        return ParseUntil("}", start, "this { is not closed; a } has to follow");
    }

    private ShellNode.If ParseIf(SourcePlace place, int start)
    {
        const string missing = "this if does not end; fi has to follow";
        SkipWord(PeekReserved()!);
        ShellNode condition = NotEmpty(ParseUntil("then", start, "then has to follow this if"), "if");
        ShellNode then = NotEmpty(ParseSequence(), "then");
        SourcePlace elsePlace = _cursor.Place;
        if (PeekReserved() == "elif")
            return new ShellNode.If(place, condition, then, ParseIf(elsePlace, start));
        ShellNode? otherwise = null;
        if (PeekReserved() == "else")
        {
            SkipWord("else");
            otherwise = NotEmpty(ParseUntil("fi", start, missing), "else");
        }
        else if (PeekReserved() == "fi")
        {
            SkipWord("fi");
        }
        else
        {
            throw _cursor.IsAtEnd ? _cursor.Text.Wrong(start, missing, Incompleteness.Command) : Unexpected();
        }

        return new ShellNode.If(place, condition, then, otherwise);
    }

    private ShellNode.While ParseWhile(SourcePlace place, int start, string word)
    {
        SkipWord(word);
        ShellNode condition = NotEmpty(ParseUntil("do", start, $"do has to follow this {word}"), word);
        ShellNode body = NotEmpty(ParseUntil("done", start, $"this {word} does not end; done has to follow"), "do");
        return new ShellNode.While(place, condition, body, word == "until");
    }

    private ShellNode.For ParseFor(SourcePlace place, int start)
    {
        SkipWord("for");
        _cursor.SkipBlanks();
        Word name = ReadWord("the name of a variable has to follow for");
        if (name.PlainText is not { } variable || !IsName(variable))
            throw _cursor.Text.Wrong(name.Place, "the name of a variable has to follow for");
        _cursor.SkipLines();
        if (PeekReserved() != "in")
            throw _cursor.Wrong("in and a list of words have to follow the variable of for", _cursor.IsAtEnd ? Incompleteness.Command : Incompleteness.None);
        SkipWord("in");
        _cursor.SkipBlanks();
        ImmutableArray<Word>.Builder words = ImmutableArray.CreateBuilder<Word>();
        while (WordReader.Begins(_cursor.Peek()))
        {
            words.Add(new WordReader(_cursor, _depth).Read());
            _cursor.SkipBlanks();
        }

        if (_cursor.Peek() == ';')
            _cursor.Skip();
        else if (_cursor.Peek() is not ('\n' or ScriptCursor.End))
            throw Unexpected();
        _cursor.SkipLines();
        if (PeekReserved() != "do")
            throw _cursor.Wrong("do has to follow the words of for", _cursor.IsAtEnd ? Incompleteness.Command : Incompleteness.None);
        SkipWord("do");
        ShellNode body = NotEmpty(ParseUntil("done", start, "this for does not end; done has to follow"), "do");
        return new ShellNode.For(place, variable, words.ToImmutable(), body);
    }

    private ShellNode.Simple ParseSimple(SourcePlace place)
    {
        ImmutableArray<Assignment>.Builder assignments = ImmutableArray.CreateBuilder<Assignment>();
        ImmutableArray<Word>.Builder words = ImmutableArray.CreateBuilder<Word>();
        ImmutableArray<Redirection>.Builder redirections = ImmutableArray.CreateBuilder<Redirection>();
        while (true)
        {
            _cursor.SkipBlanks();
            if (TryParseRedirection() is { } redirection)
                redirections.Add(redirection);
            else if (words.Count == 0 && TryReadAssignmentName() is { } name)
                assignments.Add(new Assignment(name, new WordReader(_cursor, _depth).ReadValue()));
            else if (WordReader.Begins(_cursor.Peek()))
                words.Add(new WordReader(_cursor, _depth).Read());
            else
                break;
        }

        if (_cursor.Peek() == '(')
            throw words.Count == 1 ? _cursor.Text.Wrong(words[0].Place, "functions are not supported") : Unexpected();
        return words.Count + assignments.Count + redirections.Count > 0
            ? new ShellNode.Simple(place, assignments.ToImmutable(), words.ToImmutable(), redirections.ToImmutable())
            : throw Unexpected();
    }

    private ImmutableArray<Redirection> ParseRedirections()
    {
        ImmutableArray<Redirection>.Builder redirections = ImmutableArray.CreateBuilder<Redirection>();
        _cursor.SkipBlanks();
        while (TryParseRedirection() is { } redirection)
        {
            redirections.Add(redirection);
            _cursor.SkipBlanks();
        }

        return redirections.ToImmutable();
    }

    private Redirection? TryParseRedirection()
    {
        SourcePlace place = _cursor.Place;
        int? descriptor = null;
        if (char.IsAsciiDigit(_cursor.Peek()) && _cursor.PeekSecond() is '<' or '>')
        {
            descriptor = _cursor.Peek() - '0';
            if (descriptor > 2)
                throw _cursor.Wrong($"descriptor {descriptor} is not supported; 0, 1 and 2 are");
            _cursor.Skip();
        }

        if (_cursor.TrySkip("<<<"))
            throw _cursor.Text.Wrong(place, "<<< is not supported; write echo TEXT |");
        if (_cursor.TrySkip("<<"))
            return ParseHereDocument(place, descriptor ?? 0);
        if (_cursor.TrySkip("<&") || _cursor.TrySkip("<>"))
            throw _cursor.Text.Wrong(place, "<& and <> are not supported");
        if (_cursor.TrySkip("&>"))
            throw _cursor.Text.Wrong(place, "&> is not supported; write >FILE 2>&1");
        if (_cursor.TrySkip("<"))
            return new Redirection(place, RedirectionKind.Read, descriptor ?? 0, ReadTarget());
        if (_cursor.TrySkip(">>"))
            return new Redirection(place, RedirectionKind.Append, descriptor ?? 1, ReadTarget());
        if (_cursor.TrySkip(">&"))
        {
            Word target = ReadTarget();
            return target.PlainText is "1" or "2"
                ? new Redirection(place, RedirectionKind.Duplicate, descriptor ?? 1, target)
                : throw _cursor.Text.Wrong(target.Place, "only &1 and &2 can be redirected to");
        }

        return _cursor.TrySkip(">|") || _cursor.TrySkip(">") ? new Redirection(place, RedirectionKind.Write, descriptor ?? 1, ReadTarget()) : null;
    }

    private Redirection ParseHereDocument(SourcePlace place, int descriptor)
    {
        bool dropsTabs = _cursor.TrySkip("-");
        Word delimiter = ReadTarget();
        if (delimiter.LiteralText is not { } text)
            throw _cursor.Text.Wrong(delimiter.Place, "the word that ends a here-document must be plain");
        HereDocument document = new(delimiter.PlainText is null, dropsTabs, text);
        _cursor.Expect(document);
        return new Redirection(place, RedirectionKind.HereDocument, descriptor, delimiter, document);
    }

    private Word ReadTarget()
    {
        _cursor.SkipBlanks();
        return ReadWord("a file has to follow this redirection");
    }

    private Word ReadWord(string missing) => WordReader.Begins(_cursor.Peek()) ? new WordReader(_cursor, _depth).Read() : throw _cursor.Wrong(missing);

    /// <summary><c>NAME=</c> at the cursor, which is moved behind it.</summary>
    private string? TryReadAssignmentName()
    {
        string text = _cursor.PeekWhile(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '=', NameLengthMax);
        int length = text.IndexOf('=');
        if (length < 1)
            return null;
        string name = text[..length];
        if (name.EndsWith('+') && IsName(name[..^1]))
            throw _cursor.Wrong($"{name}= is not supported; write {name[..^1]}=\"${name[..^1]}…\"");
        if (!IsName(name))
            return null;
        _cursor.Skip(length + 1);
        return name;
    }

    private ShellNode.Sequence NotEmpty(ShellNode.Sequence body, string after) =>
        !body.Commands.IsEmpty ? body : throw _cursor.Wrong($"a command has to follow {after}", _cursor.IsAtEnd ? Incompleteness.Command : Incompleteness.None);

    /// <summary>The reserved word at the cursor, or a word of other shells that means more than itself; else null.</summary>
    private string? PeekReserved()
    {
        string word = _cursor.PeekWhile(WordReader.Begins, ReservedLengthMax + 1);
        return Reserved.Contains(word) || Unsupported.ContainsKey(word) ? word : null;
    }

    private void SkipWord(string word) => _cursor.Skip(word.Length);

    private static bool IsName(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private ScriptException Unexpected()
    {
        if (_cursor.IsAtEnd)
            return _cursor.Wrong("a command is missing here", Incompleteness.Command);
        char c = _cursor.Peek();
        string what = PeekReserved() ?? (c == '\n' ? "the end of the line" : c.ToString());
        return _cursor.Wrong(c == ';' && _cursor.PeekSecond() == ';' ? ";; is not supported" : $"{what} has no place here");
    }
}
