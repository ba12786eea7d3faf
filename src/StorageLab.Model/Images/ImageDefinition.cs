using System.Collections.Immutable;

namespace StorageLab.Model.Images;

/// <summary>An image as a registry, an archive or the shipped catalog offers it: what <c>docker pull</c> or <c>docker load</c> brings.</summary>
public sealed record ImageDefinition
{
    /// <summary>Name in the catalog; equal to <see cref="Tag"/> unless the same tag was built again.</summary>
    public required string Key { get; init; }

    /// <summary>Familiar reference with tag that the image gets when it is pulled, e.g. <c>nginx:1.22</c>.</summary>
    public required string Tag { get; init; }

    /// <summary>SHA-256 of the image's configuration, with prefix. Derived from key and diff IDs where the configuration is not known.</summary>
    public required string ImageId { get; init; }

    /// <summary>Layers, bottom first.</summary>
    public required ImmutableArray<ImageLayer> Layers { get; init; }

    public ImageConfiguration Configuration { get; init; } = ImageConfiguration.Unknown;

    /// <summary>Whether an archive holds the image without a tag, so that <see cref="Tag"/> is only the archive's name.</summary>
    public bool IsUntagged { get; init; }
}
