using System.Collections.Immutable;

namespace StorageLab.Model.Images;

/// <summary>An absolute path inside a container, as interned components; no component is the root itself.</summary>
public sealed class ContainerPath
{
    private ContainerPath(ImmutableArray<NameId> components) => Components = components;

    /// <summary>The path <c>/</c>.</summary>
    public static ContainerPath Root { get; } = new([]);

    public ImmutableArray<NameId> Components { get; }

    public static ContainerPath Of(IEnumerable<NameId> components) => new([.. components]);

    /// <exception cref="ArgumentException">The path is not absolute, climbs with "..", or holds a bad name.</exception>
    public static ContainerPath Parse(NameTable names, string path)
    {
        if (!path.StartsWith('/'))
            throw new ArgumentException($"'{path}' is not absolute", nameof(path));
        ImmutableArray<NameId>.Builder components = ImmutableArray.CreateBuilder<NameId>();
        foreach (Range range in path.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> component = path.AsSpan(range);
            if (component is not ("" or "."))
                components.Add(names.Intern(component));
        }

        return new ContainerPath(components.ToImmutable());
    }

    public string ToString(NameTable names) => "/" + string.Join('/', Components.Select(names.NameOf));
}
