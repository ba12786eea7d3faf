using System.Collections.Immutable;

namespace StorageLab.Model.Drivers;

/// <summary>Every driver the lab can stack. A new one is a file of its own and a line here.</summary>
public static class DriverKinds
{
    public static ImmutableArray<DriverKind> All { get; } = [LoopLvm.Kind, DirectLvm.Kind, Overlay2Driver.Kind];

    /// <exception cref="ArgumentException">There is no such driver.</exception>
    public static DriverKind Of(string name) =>
        All.FirstOrDefault(kind => kind.Name == name) ?? throw new ArgumentException($"no driver '{name}'", nameof(name));
}
