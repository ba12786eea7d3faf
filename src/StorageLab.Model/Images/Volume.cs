using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Images;

/// <summary>A volume of the <c>local</c> driver: a directory of Docker's root on the host's file system, whatever the storage driver.</summary>
/// <param name="Name">Given, or 64 digits for an anonymous one.</param>
/// <param name="Created">When.</param>
/// <param name="Labels">Null without any.</param>
/// <param name="Files">Its files, <c>volumes/NAME/_data</c>.</param>
public sealed record Volume(string Name, Timestamp Created, ImmutableSortedDictionary<string, string>? Labels, IMountedTree Files)
{
    /// <summary>Whether Docker made and named it for one container.</summary>
    public bool IsAnonymous { get; init; }
}
