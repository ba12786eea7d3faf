using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace StorageLab.Shell.Posix.Commands.Awk;

/// <summary>Parses the part of awk that people write on a command line: patterns, print, printf, sums; no loops, arrays or functions.</summary>
internal sealed class AwkParser
{
    /// <summary>Brackets and signs inside one another.</summary>
    private const int DepthMax = 100;

    private readonly string _program;
    private int _index;
    private int _depth;

    private AwkParser(string program) => _program = program;

    /// <exception cref="FormatException">It is no program, or uses what is not supported; the message says where.</exception>
    public static ImmutableArray<AwkRule> Parse(string program) => new AwkParser(program).ReadRules();

    private ImmutableArray<AwkRule> ReadRules()
    {
        ImmutableArray<AwkRule>.Builder rules = ImmutableArray.CreateBuilder<AwkRule>();
        SkipSeparators();
        while (_index < _program.Length)
        {
            AwkMoment moment = TryWord("BEGIN") ? AwkMoment.Begin : TryWord("END") ? AwkMoment.End : AwkMoment.Line;
            Func<AwkRecord, AwkValue>? pattern = moment == AwkMoment.Line && Peek() != '{' ? ReadExpression() : null;
            ImmutableArray<Action<AwkRecord>> statements = Peek() == '{' ? ReadBlock() : [Print([])];
            rules.Add(new AwkRule(moment, pattern, statements));
            SkipSeparators();
        }

        return rules.ToImmutable();
    }

    private ImmutableArray<Action<AwkRecord>> ReadBlock()
    {
        ImmutableArray<Action<AwkRecord>>.Builder statements = ImmutableArray.CreateBuilder<Action<AwkRecord>>();
        Expect('{');
        SkipSeparators();
        while (Peek() != '}')
        {
            if (_index >= _program.Length)
                throw Wrong("a } is missing");
            statements.Add(ReadStatement());
            if (Peek() is not ('}' or ';' or '\n'))
                throw Wrong("this is not supported");
            SkipSeparators();
        }

        _index++;
        return statements.ToImmutable();
    }

    private Action<AwkRecord> ReadStatement()
    {
        if (TryWord("printf"))
        {
            ImmutableArray<Func<AwkRecord, AwkValue>> values = ReadList();
            return values.IsEmpty ? throw Wrong("a format has to follow printf") : Printf(values);
        }

        if (TryWord("print"))
            return Print(ReadList());
        if (ReadName() is not { } name)
            throw Wrong("print, printf or an assignment has to stand here");
        if (TryText("++"))
            return record => record.Set(name, AwkValue.Of(record.Get(name).AsNumber + 1));
        if (TryText("+="))
            return Added(name, ReadExpression());
        if (Peek() != '=' || PeekSecond() == '=')
            throw Wrong($"'{name}' is not supported here; print, printf, NAME = …, NAME += … and NAME++ are");
        _index++;
        Func<AwkRecord, AwkValue> value = ReadExpression();
        return record => record.Set(name, value(record));
    }

    private static Action<AwkRecord> Added(string name, Func<AwkRecord, AwkValue> value) =>
        record => record.Set(name, AwkValue.Of(record.Get(name).AsNumber + value(record).AsNumber));

    private static Action<AwkRecord> Print(ImmutableArray<Func<AwkRecord, AwkValue>> values) => record =>
    {
        string text = values.IsEmpty ? record.Field(0).Text : string.Join(record.Get("OFS").Text, values.Select(value => value(record).Text));
        record.Output.Write(text + "\n");
    };

    private static Action<AwkRecord> Printf(ImmutableArray<Func<AwkRecord, AwkValue>> values) => record =>
        record.Output.Write(AwkFormat.Format(values[0](record).Text, [.. values[1..].Select(value => value(record))]));

    private ImmutableArray<Func<AwkRecord, AwkValue>> ReadList()
    {
        ImmutableArray<Func<AwkRecord, AwkValue>>.Builder values = ImmutableArray.CreateBuilder<Func<AwkRecord, AwkValue>>();
        if (Peek() is '}' or ';' or '\n' or '\0')
            return [];
        do
            values.Add(ReadExpression());
        while (TryText(","));
        return values.ToImmutable();
    }

    private Func<AwkRecord, AwkValue> ReadExpression()
    {
        if (++_depth > DepthMax)
            throw Wrong($"the program is nested deeper than {DepthMax}");
        Func<AwkRecord, AwkValue> result = ReadAnd();
        while (TryText("||"))
        {
            (Func<AwkRecord, AwkValue> left, Func<AwkRecord, AwkValue> right) = (result, ReadAnd());
            result = record => AwkValue.Of(left(record).IsTrue || right(record).IsTrue);
        }

        _depth--;
        return result;
    }

    private Func<AwkRecord, AwkValue> ReadAnd()
    {
        Func<AwkRecord, AwkValue> result = ReadMatch();
        while (TryText("&&"))
        {
            (Func<AwkRecord, AwkValue> left, Func<AwkRecord, AwkValue> right) = (result, ReadMatch());
            result = record => AwkValue.Of(left(record).IsTrue && right(record).IsTrue);
        }

        return result;
    }

    private Func<AwkRecord, AwkValue> ReadMatch()
    {
        Func<AwkRecord, AwkValue> left = ReadComparison();
        bool isNegated = TryText("!~");
        if (!isNegated && !TryText("~"))
            return left;
        if (Peek() != '/')
            throw Wrong("a pattern in /…/ has to follow ~");
        Regex regex = ReadRegex();
        return record => AwkValue.Of(regex.IsMatch(left(record).Text) != isNegated);
    }

    private Func<AwkRecord, AwkValue> ReadComparison()
    {
        Func<AwkRecord, AwkValue> left = ReadConcatenation();
        foreach (string symbol in (string[])["==", "!=", "<=", ">=", "<", ">"])
        {
            if (!TryText(symbol))
                continue;
            Func<AwkRecord, AwkValue> right = ReadConcatenation();
            return record => AwkValue.Of(Holds(AwkValue.Compare(left(record), right(record)), symbol));
        }

        return left;
    }

    private static bool Holds(int order, string symbol) => symbol switch
    {
        "==" => order == 0,
        "!=" => order != 0,
        "<=" => order <= 0,
        ">=" => order >= 0,
        "<" => order < 0,
        _ => order > 0,
    };

    private Func<AwkRecord, AwkValue> ReadConcatenation()
    {
        Func<AwkRecord, AwkValue> result = ReadSum();
        while (Peek() is '$' or '"' or '(' || char.IsAsciiLetterOrDigit(Peek()) || Peek() == '_')
        {
            (Func<AwkRecord, AwkValue> left, Func<AwkRecord, AwkValue> right) = (result, ReadSum());
            result = record => new AwkValue(left(record).Text + right(record).Text, null);
        }

        return result;
    }

    private Func<AwkRecord, AwkValue> ReadSum()
    {
        Func<AwkRecord, AwkValue> result = ReadProduct();
        while (Peek() is '+' or '-')
        {
            char symbol = _program[_index++];
            (Func<AwkRecord, AwkValue> left, Func<AwkRecord, AwkValue> right) = (result, ReadProduct());
            result = record => AwkValue.Of(left(record).AsNumber + (symbol == '+' ? right(record).AsNumber : -right(record).AsNumber));
        }

        return result;
    }

    private Func<AwkRecord, AwkValue> ReadProduct()
    {
        Func<AwkRecord, AwkValue> result = ReadUnary();
        while (Peek() is '*' or '/' or '%')
        {
            char symbol = _program[_index++];
            (Func<AwkRecord, AwkValue> left, Func<AwkRecord, AwkValue> right) = (result, ReadUnary());
            result = record => AwkValue.Of(symbol switch
            {
                '*' => left(record).AsNumber * right(record).AsNumber,
                '/' => left(record).AsNumber / right(record).AsNumber,
                _ => left(record).AsNumber % right(record).AsNumber,
            });
        }

        return result;
    }

    private Func<AwkRecord, AwkValue> ReadUnary()
    {
        if (++_depth > DepthMax)
            throw Wrong($"the program is nested deeper than {DepthMax}");
        Func<AwkRecord, AwkValue> result;
        if (Peek() == '!' && PeekSecond() != '=' && PeekSecond() != '~')
        {
            _index++;
            Func<AwkRecord, AwkValue> inner = ReadUnary();
            result = record => AwkValue.Of(!inner(record).IsTrue);
        }
        else if (Peek() == '-')
        {
            _index++;
            Func<AwkRecord, AwkValue> inner = ReadUnary();
            result = record => AwkValue.Of(-inner(record).AsNumber);
        }
        else
        {
            result = ReadPrimary();
        }

        _depth--;
        return result;
    }

    private Func<AwkRecord, AwkValue> ReadPrimary()
    {
        switch (Peek())
        {
            case '$':
                _index++;
                Func<AwkRecord, AwkValue> number = ReadUnary();
                return record => record.Field(number(record).AsNumber);
            case '(':
                _index++;
                Func<AwkRecord, AwkValue> inner = ReadExpression();
                Expect(')');
                return inner;
            case '/':
                Regex regex = ReadRegex();
                return record => AwkValue.Of(regex.IsMatch(record.Field(0).Text));
            case '"':
                AwkValue text = new(ReadDelimited('"'), null);
                return _ => text;
            case var c when char.IsAsciiDigit(c) || c == '.':
                AwkValue constant = ReadNumber();
                return _ => constant;
            default:
                if (ReadName() is not { } name)
                    throw Wrong("this is not supported");
                return Peek() is '(' or '[' && _program[_index - 1] != ' '
                    ? throw Wrong("functions and arrays are not supported")
                    : record => record.Get(name);
        }
    }

    private Regex ReadRegex()
    {
        int start = _index;
        try
        {
            return RegexTranslator.Translate(ReadDelimited('/'), isExtended: true, ignoresCase: false);
        }
        catch (ArgumentException e)
        {
            _index = start;
            throw Wrong(e.Message);
        }
    }

    private AwkValue ReadNumber()
    {
        int start = _index;
        while (_index < _program.Length && (char.IsAsciiDigit(_program[_index]) || _program[_index] == '.'))
            _index++;
        return double.TryParse(_program.AsSpan(start, _index - start), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? AwkValue.Of(number)
            : throw Wrong("this is no number");
    }

    private string ReadDelimited(char delimiter)
    {
        int start = ++_index;
        while (_index < _program.Length && _program[_index] != delimiter)
            _index += _program[_index] == '\\' ? 2 : 1;
        if (_index >= _program.Length)
            throw Wrong($"a {delimiter} is missing");
        string inside = _program[start.._index++];
        return delimiter == '"' ? Escapes.Unescape(inside) : inside.Replace("\\/", "/", StringComparison.Ordinal);
    }

    private string? ReadName()
    {
        _ = Peek();
        int start = _index;
        while (_index < _program.Length && (char.IsAsciiLetterOrDigit(_program[_index]) || _program[_index] == '_'))
            _index++;
        if (start == _index)
            return null;
        string name = _program[start.._index];
        return name is "if" or "for" or "while" or "function" or "getline" or "next" or "exit" or "delete" or "BEGIN" or "END"
            ? throw Wrong($"{name} is not supported")
            : name;
    }

    private bool TryWord(string word)
    {
        _ = Peek();
        int end = _index + word.Length;
        if (!_program.AsSpan(_index).StartsWith(word) || (end < _program.Length && (char.IsAsciiLetterOrDigit(_program[end]) || _program[end] == '_')))
            return false;
        _index = end;
        return true;
    }

    private bool TryText(string text)
    {
        _ = Peek();
        if (!_program.AsSpan(_index).StartsWith(text))
            return false;
        _index += text.Length;
        return true;
    }

    private void Expect(char c)
    {
        if (Peek() != c)
            throw Wrong($"a {c} is missing");
        _index++;
    }

    private char Peek()
    {
        while (_index < _program.Length && _program[_index] is ' ' or '\t')
            _index++;
        return _index < _program.Length ? _program[_index] : '\0';
    }

    private char PeekSecond() => _index + 1 < _program.Length ? _program[_index + 1] : '\0';

    private void SkipSeparators()
    {
        while (Peek() is ';' or '\n' or '\r')
            _index++;
    }

    private FormatException Wrong(string message) => new($"{message} (at character {_index + 1} of the program)");
}
