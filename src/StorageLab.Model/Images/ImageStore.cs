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

    // Kept up to date by Classify, because every sample asks for their number.
    private readonly HashSet<string> _hiddenIds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _danglingIds = new(StringComparer.Ordinal);

    public ReferenceStore References { get; } = new();

    /// <summary>Images as <c>docker image ls</c> lists them: untagged ones with children are left out.</summary>
    public int ListedCount => _images.Count - _hiddenIds.Count;

    /// <summary>Untagged images that nothing descends from.</summary>
    public int DanglingCount => _danglingIds.Count;

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
        FsStatus status = files.WriteImage(image.Id);
        if (status != FsStatus.Ok)
            return status;
        _images.Add(image.Id, image);
        Classify(image.Id);
        if (image.ParentId is null)
            return status;
        status = files.WriteImageMetadata(image.Id, "parent");
        _childCounts[image.ParentId] = _childCounts.GetValueOrDefault(image.ParentId) + 1;
        Classify(image.ParentId);
        if (image.Instruction.Length > 0)
            _buildCache[(image.ParentId, image.Instruction)] = image;
        return status;
    }

    /// <summary>Points a tag or digest at an image and saves the list, unless it already points there.</summary>
    public FsStatus SetReference(ImageName name, string imageId)
    {
        if (References.TryGet(name, out string? old) && old == imageId)
            return FsStatus.Ok;
        References.Set(name, imageId);
        Classify(imageId);
        if (old is not null)
            Classify(old);
        return files.WriteReferences(References.Count);
    }

    /// <summary>As <see cref="SetReference"/>, for a tag that a user gives an image that is there: when that was is kept (image/store.go, SetLastUpdated).</summary>
    public FsStatus Tag(ImageName name, string imageId)
    {
        FsStatus status = SetReference(name, imageId);
        return status == FsStatus.Ok ? files.WriteImageMetadata(imageId, "lastUpdated") : status;
    }

    public FsStatus RemoveReference(ImageName name)
    {
        if (!References.TryGet(name, out string? imageId))
            return FsStatus.Ok;
        _ = References.Remove(name);
        Classify(imageId!);
        return files.WriteReferences(References.Count);
    }

    /// <summary>Removes an image's record and releases its layers.</summary>
    /// <param name="removedLayers">Takes the layers that went with it, top first.</param>
    public DriverOutcome Remove(Image image, LayerStore layers, List<Layer> removedLayers)
    {
        files.RemoveImage(image.Id);
        _images.Remove(image.Id);
        Classify(image.Id);
        if (image.ParentId is { } parentId)
        {
            int left = _childCounts[parentId] - 1;
            if (left == 0)
                _childCounts.Remove(parentId);
            else
                _childCounts[parentId] = left;
            Classify(parentId);
            if (_buildCache.TryGetValue((parentId, image.Instruction), out Image? cached) && cached == image)
                _buildCache.Remove((parentId, image.Instruction));
        }

        return image.Top is null ? DriverOutcome.Ok : layers.Release(image.Top, removedLayers);
    }

    private void Classify(string imageId)
    {
        bool isPresent = _images.ContainsKey(imageId);
        Put(_hiddenIds, imageId, isPresent && HasChildren(imageId) && !References.IsReferenced(imageId));
        Put(_danglingIds, imageId, isPresent && IsDangling(imageId));
    }

    private static void Put(HashSet<string> ids, string imageId, bool belongs) => _ = belongs ? ids.Add(imageId) : ids.Remove(imageId);
}
