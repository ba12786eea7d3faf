namespace StorageLab.Shell.GoTemplates;

/// <summary>A field of a Go struct, or a method without arguments of one of Docker's formatting contexts.</summary>
/// <param name="Name">Its name in Go, as templates call it.</param>
/// <param name="JsonName">Its name in JSON; null for one that JSON leaves out.</param>
/// <param name="Value">Reads it.</param>
/// <param name="OmitsEmpty">Whether JSON leaves it out when it is empty.</param>
public sealed record GoField(string Name, string? JsonName, Func<object?> Value, bool OmitsEmpty = false)
{
    /// <summary>For a method that takes one text; null for anything else.</summary>
    public Func<string, object?>? Call { get; init; }

    public GoField(string name, Func<object?> value)
        : this(name, name, value)
    {
    }
}
