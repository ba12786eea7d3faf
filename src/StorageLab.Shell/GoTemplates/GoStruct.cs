namespace StorageLab.Shell.GoTemplates;

/// <summary>A value with named fields, as a template sees a Go struct.</summary>
/// <param name="TypeName">As Go's errors name it, e.g. <c>*formatter.imageContext</c>.</param>
/// <param name="Fields">In the order of Go's declaration, which is that of JSON.</param>
/// <remarks>
/// The other values of templates: null, bool, long, double, string, lists (<see cref="IReadOnlyList{T}"/> of object) and maps
/// (<see cref="IReadOnlyDictionary{TKey, TValue}"/> of string to object), which Go orders by their keys.
/// </remarks>
public sealed record GoStruct(string TypeName, IReadOnlyList<GoField> Fields)
{
    /// <summary>Whether the fields are methods of a formatting context, which Go words differently in its errors.</summary>
    public bool HasMethods { get; init; }

    public GoField? Find(string name) => Fields.FirstOrDefault(field => field.Name == name);

    /// <summary>The same values as JSON's decoder gives them back: maps by JSON names, numbers as they are.</summary>
    public IReadOnlyDictionary<string, object?> ToRaw()
    {
        SortedDictionary<string, object?> raw = new(StringComparer.Ordinal);
        foreach (GoField field in Fields)
        {
            object? value = field.Value();
            if (field.JsonName is not null && !(field.OmitsEmpty && GoJson.IsEmpty(value)))
                raw[field.JsonName] = RawOf(value);
        }

        return raw;
    }

    private static object? RawOf(object? value) => value switch
    {
        GoStruct nested => nested.ToRaw(),
        _ when GoNil.Is(value) => null,
        IReadOnlyList<object?> list => list.Select(RawOf).ToArray(),
        IReadOnlyDictionary<string, object?> map =>
            new SortedDictionary<string, object?>(map.ToDictionary(pair => pair.Key, pair => RawOf(pair.Value)), StringComparer.Ordinal),
        _ => value,
    };
}
