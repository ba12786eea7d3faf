namespace StorageLab.Scenarios.Values;

/// <summary>A value of a scenario: known when it is read, or worked out anew at every turn of a loop.</summary>
internal sealed class Value<T>
{
    private readonly Template? _template;
    private readonly Func<string, T>? _read;
    private readonly T _constant;

    public Value(T constant) => _constant = constant;

    /// <param name="read">Reads the expanded text; throws <see cref="ValueException"/> when it is wrong.</param>
    /// <exception cref="ValueException">The text is constant and wrong.</exception>
    public Value(Template template, Func<string, T> read)
    {
        if (template.IsConstant)
        {
            _constant = read(template.Expand(null));
        }
        else
        {
            _template = template;
            _read = read;
            _constant = default!;
        }
    }

    /// <exception cref="ValueException">It came out wrong at this turn.</exception>
    public T Get(ReplayScope scope) => _template is null ? _constant : _read!(_template.Expand(scope));
}
