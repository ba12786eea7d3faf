using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Images;

/// <summary>The daemon's images and their references: what is there, what descends from what, and what may go.</summary>
/// <remarks>Source: image/store.go, reference/store.go, daemon/images/images.go.</remarks>
public sealed class ImageStore(DaemonFiles files)
{
    private readonly Dictionary<string, Image> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _childCounts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ParentId, string Instruction), Image> _buildCache = [];

    public ReferenceStore References { get; } = new();

    /// <summary>Counted when they are asked for after a change; most steps change no image.</summary>
    private (int Listed, int Dangling)? _counts;

    /// <summary>Images as <c>docker image ls</c> lists them: untagged ones with children are left out.</summary>
    public int ListedCount => Counts().Listed;

    /// <summary>Untagged images that nothing descends from.</summary>
    public int DanglingCount => Counts().Dangling;

    /// <summary>All images, intermediate ones too, in the order in which they came.</summary>
    public IReadOnlyCollection<Image> All => _images.Values;

    public bool HasChildren(string imageId) => _childCounts.ContainsKey(imageId);

    public bool IsDangling(string imageId) => !References.IsTagged(imageId) && !HasChildren(imageId);

    public bool TryGet(string imageId, out Image? image) => _images.TryGetValue(imageId, out image);

    /// <summary>Finds an image by full id, by tag or digest, or by a unique prefix of its id, in Docker's order (daemon/images/image.go, GetImage).</summary>
    /// <param name="refusal">Docker's words when there is none.</param>
    public Image? Find(string reference, out DockerOutcome refusal)
    {
        refusal = DockerOutcome.Ok;
        Image? image;
        if (ImageName.IsId(reference))
        {
            if (!_images.TryGetValue(ContentIds.Prefix + ContentIds.Hex(reference), out image))
                refusal = DockerOutcome.NotFound("image", ContentIds.Prefix + ContentIds.Hex(reference));
            return image;
        }

        if (ImageName.TryParse(reference, out string? error) is not { } name)
        {
            refusal = DockerOutcome.Refused(error!);
            return null;
        }

        if (References.TryGet(name, out string? imageId))
            return _images[imageId!];
        string prefix = ContentIds.Hex(reference);
        if (prefix.Length > 0 && prefix.All(char.IsAsciiHexDigitLower))
        {
            Image[] matches = [.. _images.Values.Where(candidate => ContentIds.Hex(candidate.Id).StartsWith(prefix, StringComparison.Ordinal)).Take(2)];
            if (matches.Length == 1)
                return matches[0];
        }

        refusal = DockerOutcome.NotFound("image", name.WithDefaultTag().Familiar);
        return null;
    }

    /// <summary>The image that an earlier build made of the same parent and instruction.</summary>
    public bool TryGetCached(string parentId, string instruction, out Image? image) => _buildCache.TryGetValue((parentId, instruction), out image);

    /// <summary>Adds an image; it takes over the caller's reference to its top layer.</summary>
    public FsStatus Add(Image image)
    {
        _counts = null;
        FsStatus status = files.WriteImage(image.Id);
        if (status != FsStatus.Ok)
            return status;
        _images.Add(image.Id, image);
        if (image.ParentId is null)
            return status;
        _childCounts[image.ParentId] = _childCounts.GetValueOrDefault(image.ParentId) + 1;
        if (image.Instruction.Length > 0)
            _buildCache[(image.ParentId, image.Instruction)] = image;
        return status;
    }

    /// <summary>Points a tag or digest at an image and saves the list, unless it already points there.</summary>
    public FsStatus SetReference(ImageName name, string imageId)
    {
        if (References.TryGet(name, out string? old) && old == imageId)
            return FsStatus.Ok;
        _counts = null;
        References.Set(name, imageId);
        return files.WriteReferences(References.Count);
    }

    public FsStatus RemoveReference(ImageName name)
    {
        _counts = null;
        return References.Remove(name) ? files.WriteReferences(References.Count) : FsStatus.Ok;
    }

    /// <summary>Removes an image's record and releases its layers.</summary>
    /// <param name="removedLayers">Takes the layers that went with it, top first.</param>
    public DriverOutcome Remove(Image image, LayerStore layers, List<Layer> removedLayers)
    {
        _counts = null;
        files.RemoveImage(image.Id);
        _images.Remove(image.Id);
        if (image.ParentId is { } parentId)
        {
            int left = _childCounts[parentId] - 1;
            if (left == 0)
                _childCounts.Remove(parentId);
            else
                _childCounts[parentId] = left;
            if (_buildCache.TryGetValue((parentId, image.Instruction), out Image? cached) && cached == image)
                _buildCache.Remove((parentId, image.Instruction));
        }

        return image.Top is null ? DriverOutcome.Ok : layers.Release(image.Top, removedLayers);
    }

    private (int Listed, int Dangling) Counts() => _counts ??= (
        _images.Values.Count(image => References.IsReferenced(image.Id) || !HasChildren(image.Id)), _images.Values.Count(image => IsDangling(image.Id)));
}
