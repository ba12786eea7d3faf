using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace StorageLab.Shell.GoTemplates;

/// <summary>A nil slice or map of Go: empty to a template, null in JSON.</summary>
public static class GoNil
{
    public static IReadOnlyList<object?> Slice { get; } = new NilSlice();

    public static IReadOnlyDictionary<string, object?> Map { get; } = new NilMap();

    internal static bool Is(object? value) => value is NilSlice or NilMap;

    private sealed class NilSlice : IReadOnlyList<object?>
    {
        public int Count => 0;

        public object? this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<object?> GetEnumerator() => Enumerable.Empty<object?>().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class NilMap : IReadOnlyDictionary<string, object?>
    {
        public int Count => 0;

        public IEnumerable<string> Keys => [];

        public IEnumerable<object?> Values => [];

        public object? this[string key] => throw new KeyNotFoundException(key);

        public bool ContainsKey(string key) => false;

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
        {
            value = null;
            return false;
        }

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Enumerable.Empty<KeyValuePair<string, object?>>().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
