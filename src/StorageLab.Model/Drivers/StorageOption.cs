using System.Collections.Immutable;

namespace StorageLab.Model.Drivers;

/// <summary>One storage option by Docker's name: who takes it, what it takes and how it is read.</summary>
public sealed class StorageOption
{
    /// <summary>Reads a value; returns null, and says why, when the value is wrong.</summary>
    internal delegate StorageOptions? Reader(StorageOptions options, string value, out string problem);

    internal StorageOption(
        string name, StorageOptionKind kind, ImmutableArray<string> drivers, string defaultText, string summary, Reader read)
    {
        Name = name;
        Kind = kind;
        Drivers = drivers;
        DefaultText = defaultText;
        Summary = summary;
        Read = read;
    }

    /// <summary>Docker's name, lower case, e.g. <c>dm.basesize</c>.</summary>
    public string Name { get; }

    public StorageOptionKind Kind { get; }

    /// <summary>The drivers that take it, of <see cref="DriverNames.All"/>.</summary>
    public ImmutableArray<string> Drivers { get; }

    /// <summary>What holds when it is not given, in words.</summary>
    public string DefaultText { get; }

    /// <summary>What it does, in one line.</summary>
    public string Summary { get; }

    internal Reader Read { get; }
}
