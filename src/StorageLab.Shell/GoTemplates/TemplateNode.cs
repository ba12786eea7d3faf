namespace StorageLab.Shell.GoTemplates;

/// <summary>A part of a template's tree. Its text is how Go shows it in an error.</summary>
/// <param name="Position">Where it begins, in characters from 0.</param>
/// <remarks>Source: Go 1.19, text/template/parse/node.go.</remarks>
internal abstract record TemplateNode(int Position)
{
    internal sealed record Text(int Position, string Value) : TemplateNode(Position);

    internal sealed record Sequence(int Position, IReadOnlyList<TemplateNode> Items) : TemplateNode(Position);

    internal sealed record Action(int Position, Pipeline Value) : TemplateNode(Position)
    {
        public override string ToString() => $"{{{{{Value}}}}}";
    }

    /// <summary>Commands whose results feed each other, and the variables that take the last one's.</summary>
    internal sealed record Pipeline(int Position, bool IsAssignment, IReadOnlyList<Variable> Declarations, IReadOnlyList<Command> Commands)
        : TemplateNode(Position)
    {
        public override string ToString() =>
            (Declarations.Count > 0 ? string.Join(", ", Declarations) + (IsAssignment ? " = " : " := ") : "") + string.Join(" | ", Commands);
    }

    internal sealed record Command(int Position, IReadOnlyList<TemplateNode> Arguments) : TemplateNode(Position)
    {
        public override string ToString() =>
            string.Join(' ', Arguments.Select(argument => argument is Pipeline ? $"({argument})" : argument.ToString()));
    }

    internal sealed record Identifier(int Position, string Name) : TemplateNode(Position)
    {
        public override string ToString() => Name;
    }

    /// <summary>A variable and the fields after it.</summary>
    internal sealed record Variable(int Position, string Name, IReadOnlyList<string> Fields) : TemplateNode(Position)
    {
        public override string ToString() => string.Concat(Fields.Select(field => "." + field).Prepend(Name));
    }

    internal sealed record Field(int Position, IReadOnlyList<string> Names) : TemplateNode(Position)
    {
        public override string ToString() => string.Concat(Names.Select(name => "." + name));
    }

    /// <summary>Fields of what a parenthesized pipeline or a function gives.</summary>
    internal sealed record Chain(int Position, TemplateNode Of, IReadOnlyList<string> Names) : TemplateNode(Position)
    {
        public override string ToString() => (Of is Pipeline ? $"({Of})" : Of.ToString()) + string.Concat(Names.Select(name => "." + name));
    }

    internal sealed record Dot(int Position) : TemplateNode(Position)
    {
        public override string ToString() => ".";
    }

    internal sealed record Nil(int Position) : TemplateNode(Position)
    {
        public override string ToString() => "nil";
    }

    /// <summary>A text, number or truth value as written.</summary>
    internal sealed record Constant(int Position, object Value, string Written) : TemplateNode(Position)
    {
        public override string ToString() => Written;
    }

    internal sealed record If(int Position, Pipeline Condition, Sequence Then, Sequence? Otherwise) : TemplateNode(Position);

    internal sealed record With(int Position, Pipeline Value, Sequence Then, Sequence? Otherwise) : TemplateNode(Position);

    internal sealed record Range(int Position, Pipeline Over, Sequence Body, Sequence? Otherwise) : TemplateNode(Position);

    /// <summary>Carries out a named template; without a value on nothing.</summary>
    internal sealed record Call(int Position, string Name, Pipeline? Value) : TemplateNode(Position)
    {
        public override string ToString() => $"{{{{template {GoFormat.Quote(Name)}{(Value is null ? "" : " " + Value)}}}}}";
    }

    internal sealed record Break(int Position) : TemplateNode(Position)
    {
        public override string ToString() => "{{break}}";
    }

    internal sealed record Continue(int Position) : TemplateNode(Position)
    {
        public override string ToString() => "{{continue}}";
    }

    /// <summary>Ends a sequence; never part of a tree.</summary>
    internal sealed record End(int Position) : TemplateNode(Position)
    {
        public override string ToString() => "{{end}}";
    }

    /// <summary>Ends a sequence and begins its alternative; never part of a tree.</summary>
    internal sealed record Else(int Position) : TemplateNode(Position)
    {
        public override string ToString() => "{{else}}";
    }
}
