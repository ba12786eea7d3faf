using System.Globalization;
using System.Text;

namespace StorageLab.Scenarios.Values;

/// <summary>A text in which braces hold expressions: <c>job-{i}</c>. Two braces stand for one.</summary>
internal sealed class Template
{
    private readonly string[] _texts;
    private readonly Expression[] _expressions;

    private Template(string[] texts, Expression[] expressions)
    {
        _texts = texts;
        _expressions = expressions;
    }

    /// <summary>Whether it is the same at every turn.</summary>
    public bool IsConstant => _expressions.Length == 0;

    /// <exception cref="ValueException">A brace is left open, or what it holds is wrong.</exception>
    public static Template Parse(string text, LoopVariables variables)
    {
        List<string> texts = [];
        List<Expression> expressions = [];
        StringBuilder part = new();
        for (var at = 0; at < text.Length; at++)
        {
            char c = text[at];
            bool doubled = at + 1 < text.Length && text[at + 1] == c;
            if (c is '{' or '}' && doubled)
            {
                part.Append(c);
                at++;
            }
            else if (c == '{')
            {
                int end = text.IndexOf('}', at);
                if (end < 0)
                    throw new ValueException($"'{LayerLimits.Shown(text)}' leaves a brace open; close it, or write {{{{ for a brace");
                texts.Add(part.ToString());
                part.Clear();
                expressions.Add(Expression.Parse(text[(at + 1)..end], variables));
                at = end;
            }
            else if (c == '}')
            {
                throw new ValueException($"'{LayerLimits.Shown(text)}' closes a brace that is not open; write }}}} for a brace");
            }
            else
            {
                part.Append(c);
            }
        }

        texts.Add(part.ToString());
        return new Template([.. texts], [.. expressions]);
    }

    public string Expand(ReplayScope? scope)
    {
        if (IsConstant)
            return _texts[0];
        StringBuilder text = new(_texts[0]);
        for (var index = 0; index < _expressions.Length; index++)
            text.Append(CultureInfo.InvariantCulture, $"{_expressions[index].Evaluate(scope!)}").Append(_texts[index + 1]);
        return text.ToString();
    }
}
