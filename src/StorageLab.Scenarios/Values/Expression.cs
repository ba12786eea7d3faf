using System.Globalization;

namespace StorageLab.Scenarios.Values;

/// <summary>Whole-number arithmetic over loop variables: <c>i</c>, <c>i-20</c>, <c>(i*7)%5+1</c>. Division rounds down, and a remainder is
/// never negative.</summary>
internal abstract class Expression
{
    /// <summary>Longer is a program, not a name; also bounds the depth of brackets.</summary>
    private const int LengthMax = 100;

    /// <exception cref="ValueException">Division by zero, or a number beyond 63 bits.</exception>
    public abstract long Evaluate(ReplayScope scope);

    /// <exception cref="ValueException">The text is no expression or names an unknown variable.</exception>
    public static Expression Parse(string text, LoopVariables variables)
    {
        if (text.Length > LengthMax)
            throw new ValueException($"an expression in braces has at most {LengthMax} characters");
        Scanner scanner = new(text, variables);
        Expression result = scanner.Sum();
        scanner.End();
        return result;
    }

    private sealed class Number(long value) : Expression
    {
        public override long Evaluate(ReplayScope scope) => value;
    }

    private sealed class Variable(int slot) : Expression
    {
        public override long Evaluate(ReplayScope scope) => scope.Variable(slot);
    }

    private sealed class Operation(char sign, Expression left, Expression right) : Expression
    {
        public override long Evaluate(ReplayScope scope)
        {
            (long a, long b) = (left.Evaluate(scope), right.Evaluate(scope));
            try
            {
                return sign switch
                {
                    '+' => a + b,
                    '-' => a - b,
                    '*' => a * b,
                    '/' => FloorDivide(a, b),
                    _ => a - (FloorDivide(a, b) * b),
                };
            }
            catch (ArithmeticException)
            {
                throw new ValueException($"{a} {sign} {b} has no value");
            }
        }

        private static long FloorDivide(long a, long b)
        {
            (long quotient, long rest) = Math.DivRem(a, b);
            return rest != 0 && (rest < 0) != (b < 0) ? quotient - 1 : quotient;
        }
    }

    private sealed class Scanner(string text, LoopVariables variables)
    {
        private int _at;

        public Expression Sum()
        {
            Expression left = Product();
            while (Peek() is '+' or '-')
                left = new Operation(text[_at++], left, Product());
            return left;
        }

        public void End()
        {
            if (Peek() != '\0')
                throw Wrong();
        }

        private Expression Product()
        {
            Expression left = Atom();
            while (Peek() is '*' or '/' or '%')
                left = new Operation(text[_at++], left, Atom());
            return left;
        }

        private Expression Atom()
        {
            char next = Peek();
            if (next == '(')
            {
                _at++;
                Expression inner = Sum();
                if (Peek() != ')')
                    throw Wrong();
                _at++;
                return inner;
            }

            int start = _at;
            if (char.IsAsciiDigit(next))
            {
                while (char.IsAsciiDigit(Peek()))
                    _at++;
                if (!long.TryParse(text.AsSpan(start, _at - start).TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
                    throw Wrong();
                return new Number(value);
            }

            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
                _at++;
            string name = text[start.._at];
            if (name.Length == 0)
                throw Wrong();
            int slot = variables.SlotOf(name);
            return slot >= 0 ? new Variable(slot) : throw new ValueException($"unknown variable '{name}'; {variables.Hint(name)}");
        }

        private char Peek()
        {
            while (_at < text.Length && text[_at] == ' ')
                _at++;
            return _at < text.Length ? text[_at] : '\0';
        }

        private ValueException Wrong() =>
            new($"'{{{LayerLimits.Shown(text)}}}' is not an expression; write one as {{i}}, {{i-20}} or {{i%5}}");
    }
}
