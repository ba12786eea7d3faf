using System.Collections.Immutable;

namespace StorageLab.Host.Docker;

/// <summary>What an image of the catalog is on a real daemon.</summary>
/// <param name="ImageId">Digest of the configuration it is loaded with.</param>
/// <param name="DiffIds">Digests of its layers' archives, bottom first.</param>
public sealed record LoadedImage(string ImageId, ImmutableArray<string> DiffIds);
