using System.Runtime.CompilerServices;
using System.Text;

namespace StorageLab.Shell.GoTemplates;

/// <summary>Carries a template out on a value, with the errors of Go's own execution.</summary>
/// <remarks>Source: Go 1.19, text/template/exec.go.</remarks>
internal sealed class TemplateExecution
{
    private const string NoValue = "<no value>";

    private readonly string _text;
    private readonly IReadOnlyDictionary<string, TemplateNode.Sequence> _named;
    private readonly IReadOnlyDictionary<string, TemplateFunction> _functions;
    private readonly bool _needsKeys;
    private readonly StringBuilder _output;
    private List<(string Name, object? Value)> _variables = [];
    private TemplateNode _node = new TemplateNode.Dot(0);

    /// <param name="text">The template, to find places in.</param>
    /// <param name="needsKeys">Whether a key that a map does not have is an error.</param>
    /// <param name="named">Templates it may call.</param>
    public TemplateExecution(
        string text, IReadOnlyDictionary<string, TemplateNode.Sequence> named, IReadOnlyDictionary<string, TemplateFunction> functions, bool needsKeys,
        object? data, StringBuilder output)
    {
        _named = named;
        (_text, _functions, _needsKeys, _output) = (text, functions, needsKeys, output);
        _variables.Add(("$", data));
    }

    private enum Flow
    {
        Goes,
        Breaks,
        Continues,
    }

    /// <exception cref="TemplateException">What the template asks for is not there; what was written before stays in the output.</exception>
    public void Run(TemplateNode.Sequence root) => Walk(_variables[0].Value, root);

    private Flow Walk(object? dot, TemplateNode node)
    {
        _node = node;
        switch (node)
        {
            case TemplateNode.Text text:
                _output.Append(text.Value);
                return Flow.Goes;
            case TemplateNode.Action action:
                object? value = Evaluate(dot, action.Value);
                if (action.Value.Declarations.Count == 0)
                    _output.Append(value is null ? NoValue : GoFormat.Value(value));
                return Flow.Goes;
            case TemplateNode.Sequence sequence:
                foreach (TemplateNode item in sequence.Items)
                {
                    if (Walk(dot, item) is var flow and not Flow.Goes)
                        return flow;
                }

                return Flow.Goes;
            case TemplateNode.If branch:
                return WalkBranch(dot, branch.Condition, branch.Then, branch.Otherwise, changesDot: false);
            case TemplateNode.With branch:
                return WalkBranch(dot, branch.Value, branch.Then, branch.Otherwise, changesDot: true);
            case TemplateNode.Range range:
                return WalkRange(dot, range);
            case TemplateNode.Call call:
                WalkCall(dot, call);
                return Flow.Goes;
            case TemplateNode.Break:
                return Flow.Breaks;
            default:
                return Flow.Continues;
        }
    }

    private void WalkCall(object? dot, TemplateNode.Call call)
    {
        if (!_named.TryGetValue(call.Name, out TemplateNode.Sequence? body))
            throw Fail($"template {GoFormat.Quote(call.Name)} not defined");
        // Go counts; here it is the stack that ends it.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Fail("exceeded maximum template depth (100000)");
        object? value = call.Value is null ? null : Evaluate(dot, call.Value);
        List<(string Name, object? Value)> outside = _variables;
        _variables = [("$", value)];
        _ = Walk(value, body);
        _variables = outside;
    }

    private Flow WalkBranch(object? dot, TemplateNode.Pipeline condition, TemplateNode.Sequence then, TemplateNode.Sequence? otherwise, bool changesDot)
    {
        int mark = _variables.Count;
        object? value = Evaluate(dot, condition);
        var flow = Flow.Goes;
        if (TemplateFunctions.IsTrue(value))
            flow = Walk(changesDot ? value : dot, then);
        else if (otherwise is not null)
            flow = Walk(dot, otherwise);
        _variables.RemoveRange(mark, _variables.Count - mark);
        return flow;
    }

    private Flow WalkRange(object? dot, TemplateNode.Range range)
    {
        int mark = _variables.Count;
        object? over = Evaluate(dot, range.Over);
        IEnumerable<(object? Key, object? Value)> items = over switch
        {
            IReadOnlyList<object?> list => list.Select((item, index) => ((object?)(long)index, item)),
            IReadOnlyDictionary<string, object?> map =>
                map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => ((object?)pair.Key, pair.Value)),
            null => [],
            _ => throw Fail($"range can't iterate over {GoFormat.Value(over)}"),
        };
        int inner = _variables.Count;
        var isEmpty = true;
        var flow = Flow.Goes;
        foreach ((object? key, object? value) in items)
        {
            isEmpty = false;
            IReadOnlyList<TemplateNode.Variable> declared = range.Over.Declarations;
            if (declared.Count > 0)
                Set(declared[^1].Name, value);
            if (declared.Count > 1)
                Set(declared[0].Name, key);
            flow = Walk(value, range.Body);
            _variables.RemoveRange(inner, _variables.Count - inner);
            if (flow == Flow.Breaks)
                break;
        }

        if (isEmpty && range.Otherwise is not null)
            flow = Walk(dot, range.Otherwise);
        else
            flow = Flow.Goes;
        _variables.RemoveRange(mark, _variables.Count - mark);
        return flow;
    }

    private object? Evaluate(object? dot, TemplateNode.Pipeline pipeline)
    {
        _node = pipeline;
        object? value = null;
        var hasValue = false;
        foreach (TemplateNode.Command command in pipeline.Commands)
        {
            value = Evaluate(dot, command, hasValue ? [value] : []);
            hasValue = true;
        }

        foreach (TemplateNode.Variable variable in pipeline.Declarations)
        {
            if (pipeline.IsAssignment)
                Set(variable.Name, value);
            else
                _variables.Add((variable.Name, value));
        }

        return value;
    }

    /// <param name="final">What the stage before gave, or nothing.</param>
    private object? Evaluate(object? dot, TemplateNode.Command command, object?[] final)
    {
        TemplateNode first = command.Arguments[0];
        bool hasArguments = command.Arguments.Count > 1 || final.Length > 0;
        switch (first)
        {
            case TemplateNode.Field field:
                return Walk(dot, dot, field, field.Names, command, final);
            case TemplateNode.Chain chain:
                return Walk(dot, Argument(dot, chain.Of), chain, chain.Names, command, final);
            case TemplateNode.Variable variable:
                _node = variable;
                object? value = Get(variable.Name);
                if (variable.Fields.Count > 0)
                    return Walk(dot, value, variable, variable.Fields, command, final);
                return hasArguments ? throw Fail($"can't give argument to non-function {first}") : value;
            case TemplateNode.Identifier identifier:
                return Call(dot, identifier, command, final);
            case TemplateNode.Pipeline nested:
                return hasArguments ? throw Fail($"can't give argument to non-function {first}") : Evaluate(dot, nested);
        }

        _node = first;
        if (hasArguments)
            throw Fail($"can't give argument to non-function {first}");
        return first switch
        {
            TemplateNode.Dot => dot,
            TemplateNode.Constant constant => constant.Value,
            _ => throw Fail("nil is not a command"),
        };
    }

    private object? Walk(object? dot, object? receiver, TemplateNode node, IReadOnlyList<string> names, TemplateNode.Command command, object?[] final)
    {
        _node = node;
        for (var index = 0; index < names.Count; index++)
        {
            bool isLast = index == names.Count - 1;
            if (isLast && receiver is GoStruct structure && structure.Find(names[index]) is { Call: { } method })
                return method(MethodArgument(dot, names[index], command, final));
            receiver = Field(receiver, names[index], isLast ? command.Arguments.Count - 1 + final.Length : 0);
        }

        return receiver;
    }

    private string MethodArgument(object? dot, string name, TemplateNode.Command command, object?[] final)
    {
        int given = command.Arguments.Count - 1 + final.Length;
        if (given != 1)
            throw Fail($"wrong number of args for {name}: want 1 got {given}");
        TemplateNode? argument = final.Length > 0 ? null : command.Arguments[1];
        return (string)Checked(argument, argument is null ? final[0] : Argument(dot, argument), ParameterType.Text)!;
    }

    private object? Field(object? receiver, string name, int argumentCount)
    {
        switch (receiver)
        {
            case GoStruct structure when structure.Find(name) is { } field:
                if (argumentCount > 0)
                {
                    throw Fail(structure.HasMethods
                        ? $"wrong number of args for {name}: want 0 got {argumentCount}"
                        : $"{name} has arguments but cannot be invoked as function");
                }

                return field.Value();
            case IReadOnlyDictionary<string, object?> map:
                if (argumentCount > 0)
                    throw Fail($"{name} is not a method but has arguments");
                if (!map.TryGetValue(name, out object? value) && _needsKeys)
                    throw Fail($"map has no entry for key {GoFormat.Quote(name)}");
                return value;
            case null:
                return _needsKeys ? throw Fail($"nil data; no entry for key {GoFormat.Quote(name)}") : throw Fail($"nil pointer evaluating interface {{}}.{name}");
            default:
                throw Fail($"can't evaluate field {name} in type {GoFormat.TypeName(receiver)}");
        }
    }

    private object? Call(object? dot, TemplateNode.Identifier identifier, TemplateNode.Command command, object?[] final)
    {
        _node = identifier;
        TemplateFunction function = _functions[identifier.Name];
        int given = command.Arguments.Count - 1 + final.Length;
        int wanted = function.Parameters.Length;
        if (function.IsVariadic ? given < wanted - 1 : given != wanted)
            throw Fail($"wrong number of args for {identifier.Name}: want {(function.IsVariadic ? $"at least {wanted - 1}" : wanted)} got {given}");
        if (identifier.Name is "and" or "or")
            return Decide(dot, identifier.Name == "or", command, final);
        List<object?> arguments = [];
        foreach (TemplateNode argument in command.Arguments.Skip(1))
            arguments.Add(Checked(argument, Argument(dot, argument), function.Parameters[Math.Min(arguments.Count, wanted - 1)]));
        foreach (object? value in final)
            arguments.Add(Checked(null, value, function.Parameters[Math.Min(arguments.Count, wanted - 1)]));
        try
        {
            return function.Call(arguments);
        }
        catch (TemplateException e)
        {
            _node = command;
            throw Fail($"error calling {identifier.Name}: {e.Message}");
        }
    }

    private object? Decide(object? dot, bool decidingTruth, TemplateNode.Command command, object?[] final)
    {
        object? value = null;
        foreach (TemplateNode argument in command.Arguments.Skip(1))
        {
            value = Argument(dot, argument);
            if (TemplateFunctions.IsTrue(value) == decidingTruth)
                return value;
        }

        return final.Length > 0 ? final[0] : value;
    }

    private object? Argument(object? dot, TemplateNode node)
    {
        _node = node;
        return node switch
        {
            TemplateNode.Dot => dot,
            TemplateNode.Nil => null,
            TemplateNode.Constant constant => constant.Value,
            TemplateNode.Pipeline nested => Evaluate(dot, nested),
            _ => Evaluate(dot, new TemplateNode.Command(node.Position, [node]), []),
        };
    }

    private object? Checked(TemplateNode? node, object? value, ParameterType type)
    {
        bool isRight = type switch
        {
            ParameterType.Text => value is string,
            ParameterType.Integer => value is long,
            ParameterType.Texts => value is IReadOnlyList<object?> list && list.All(item => item is string),
            _ => true,
        };
        if (isRight)
            return value;
        string wanted = type switch { ParameterType.Text => "string", ParameterType.Integer => "int", _ => "[]string" };
        if (node is not null)
            _node = node;
        if (node is TemplateNode.Constant or TemplateNode.Nil)
            throw Fail($"expected {(type == ParameterType.Integer ? "integer" : wanted)}; found {node}");
        throw Fail($"wrong type for value; expected {wanted}; got {GoFormat.TypeName(value)}");
    }

    private object? Get(string name)
    {
        for (int index = _variables.Count - 1; index >= 0; index--)
        {
            if (_variables[index].Name == name)
                return _variables[index].Value;
        }

        throw Fail($"undefined variable: {name}");
    }

    private void Set(string name, object? value)
    {
        for (int index = _variables.Count - 1; index >= 0; index--)
        {
            if (_variables[index].Name != name)
                continue;
            _variables[index] = (name, value);
            return;
        }

        throw Fail($"undefined variable: {name}");
    }

    private TemplateException Fail(string message)
    {
        int position = Math.Min(_node.Position, _text.Length);
        int lineStart = position == 0 ? 0 : _text.LastIndexOf('\n', position - 1) + 1;
        int line = 1 + _text.AsSpan(0, position).Count('\n');
        return new TemplateException($"template: :{line}:{position - lineStart}: executing \"\" at <{_node}>: {message}");
    }
}
