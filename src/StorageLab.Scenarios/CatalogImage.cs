using System.Collections.Immutable;

namespace StorageLab.Scenarios;

/// <summary>An image of a catalog before its listings are read.</summary>
/// <param name="Key">Its name in the catalog.</param>
/// <param name="Tag">The reference it gets when it is pulled; a later build of the same tag has its own key.</param>
/// <param name="LayerNames">Names of its layers, bottom first.</param>
/// <param name="Command">What its containers run where nothing else is said; empty for a shell.</param>
public sealed record CatalogImage(string Key, string Tag, ImmutableArray<string> LayerNames, ImmutableArray<string> Command = default);
