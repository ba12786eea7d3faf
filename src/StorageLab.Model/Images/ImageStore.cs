using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Images;

/// <summary>The daemon's images and their tags: what is there, what descends from what, and what may go.</summary>
/// <remarks>Source: image/store.go, reference/store.go, daemon/images/images.go.</remarks>
public sealed class ImageStore(LayerStore layers, DaemonFiles files)
{
    private readonly Dictionary<string, Image> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _childCounts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ParentId, string Instruction), Image> _buildCache = [];

    public ReferenceStore References { get; } = new();

    /// <summary>Images as <c>docker image ls</c> lists them: untagged ones with children are left out.</summary>
    public int ListedCount => _images.Values.Count(image => References.IsTagged(image.Id) || !HasChildren(image.Id));

    /// <summary>Untagged images that nothing descends from.</summary>
    public int DanglingCount => _images.Values.Count(image => IsDangling(image.Id));

    public IEnumerable<Image> All => _images.Values;

    public bool HasChildren(string imageId) => _childCounts.ContainsKey(imageId);

    public bool IsDangling(string imageId) => !References.IsTagged(imageId) && !HasChildren(imageId);

    public bool TryGet(string imageId, out Image? image) => _images.TryGetValue(imageId, out image);

    /// <summary>Finds an image by full id, by tag, or by a unique prefix of its id, in Docker's order (daemon/images/image.go, GetImage).</summary>
    public bool TryFind(string reference, out Image? image)
    {
        if (_images.TryGetValue(reference, out image) || _images.TryGetValue(ContentIds.Prefix + reference, out image))
            return true;
        if (References.TryGet(reference, out string? imageId))
            return _images.TryGetValue(imageId!, out image);
        string prefix = ContentIds.Hex(reference);
        List<Image> matches = [.. _images.Values.Where(candidate => ContentIds.Hex(candidate.Id).StartsWith(prefix, StringComparison.Ordinal)).Take(2)];
        image = matches.Count == 1 && prefix.Length > 0 ? matches[0] : null;
        return image is not null;
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
        if (image.ParentId is null)
            return status;
        status = files.WriteImageMetadata(image.Id, "parent");
        _childCounts[image.ParentId] = _childCounts.GetValueOrDefault(image.ParentId) + 1;
        if (image.Instruction.Length > 0)
            _buildCache[(image.ParentId, image.Instruction)] = image;
        return status;
    }

    /// <summary>Points a tag at an image and saves the list.</summary>
    public FsStatus SetTag(string reference, string imageId)
    {
        References.Set(reference, imageId);
        return files.WriteReferences(References.Count);
    }

    /// <summary>As <see cref="SetTag"/>, for a tag that a user gives an image that is there: when that was is kept (image/store.go, SetLastUpdated).</summary>
    public FsStatus Tag(string reference, string imageId)
    {
        FsStatus status = SetTag(reference, imageId);
        return status == FsStatus.Ok ? files.WriteImageMetadata(imageId, "lastUpdated") : status;
    }

    public FsStatus RemoveTag(string reference)
    {
        _ = References.Remove(reference);
        return files.WriteReferences(References.Count);
    }

    /// <summary>Removes an image's record and releases its layers.</summary>
    public DriverOutcome Remove(Image image, List<string> removedChainIds)
    {
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

        return image.Top is null ? DriverOutcome.Ok : layers.Release(image.Top, removedChainIds);
    }
}
