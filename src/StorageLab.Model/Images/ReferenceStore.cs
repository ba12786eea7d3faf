namespace StorageLab.Model.Images;

/// <summary>Which tag and which manifest digest names which image.</summary>
/// <remarks>References are stored and ordered by their full names, <c>docker.io/library/nginx:1.22</c>. Source: reference/store.go.</remarks>
public sealed class ReferenceStore
{
    private readonly Dictionary<string, string> _imageIdByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<string, ImageName>> _namesByImageId = new(StringComparer.Ordinal);

    public int Count => _imageIdByName.Count;

    /// <summary>The image a tag or digest names; a name without either means <c>latest</c>.</summary>
    public bool TryGet(ImageName name, out string? imageId) => _imageIdByName.TryGetValue(KeyOf(name), out imageId);

    /// <summary>Whether an image has a reference, be it a tag or a digest.</summary>
    public bool IsReferenced(string imageId) => _namesByImageId.ContainsKey(imageId);

    /// <summary>Whether an image has a tag.</summary>
    public bool IsTagged(string imageId)
    {
        foreach (ImageName name in Of(imageId))
        {
            if (!name.IsCanonical)
                return true;
        }

        return false;
    }

    /// <summary>References of an image, in the order of their full names.</summary>
    public IReadOnlyCollection<ImageName> Of(string imageId) =>
        _namesByImageId.TryGetValue(imageId, out SortedDictionary<string, ImageName>? names) ? names.Values : [];

    /// <summary>Points a reference at an image; it leaves the one it named before.</summary>
    public void Set(ImageName name, string imageId)
    {
        ImageName complete = Complete(name);
        _ = Remove(complete);
        var key = complete.ToString();
        _imageIdByName.Add(key, imageId);
        if (!_namesByImageId.TryGetValue(imageId, out SortedDictionary<string, ImageName>? names))
            _namesByImageId.Add(imageId, names = new SortedDictionary<string, ImageName>(StringComparer.Ordinal));
        names.Add(key, complete);
    }

    public bool Remove(ImageName name)
    {
        string key = KeyOf(name);
        if (!_imageIdByName.Remove(key, out string? imageId))
            return false;
        SortedDictionary<string, ImageName> names = _namesByImageId[imageId];
        names.Remove(key);
        if (names.Count == 0)
            _namesByImageId.Remove(imageId);
        return true;
    }

    private static string KeyOf(ImageName name) => Complete(name).ToString();

    /// <summary>A reference with a digest is stored without its tag (store.go, AddDigest's callers).</summary>
    private static ImageName Complete(ImageName name) => name.IsCanonical ? name with { Tag = null } : name.WithDefaultTag();
}
