namespace StorageLab.Model.Images;

/// <summary>Which tag names which image.</summary>
/// <remarks>References are familiar names with tag (<c>nginx:1.22</c>); one typed without a tag means <c>latest</c>. Source: reference/store.go.</remarks>
public sealed class ReferenceStore
{
    private const string DefaultTag = "latest";

    private readonly SortedDictionary<string, string> _imageIdByTag = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tagCountByImageId = new(StringComparer.Ordinal);

    public int Count => _imageIdByTag.Count;

    /// <summary>The reference with its tag.</summary>
    public static string Normalize(string reference) =>
        reference.LastIndexOf(':') > reference.LastIndexOf('/') ? reference : $"{reference}:{DefaultTag}";

    /// <summary>The repository of a reference with tag.</summary>
    public static string Repository(string reference) => reference[..reference.LastIndexOf(':')];

    public bool TryGet(string reference, out string? imageId) => _imageIdByTag.TryGetValue(Normalize(reference), out imageId);

    public bool IsTagged(string imageId) => _tagCountByImageId.ContainsKey(imageId);

    /// <summary>Tags of an image, in ordinal order.</summary>
    public IReadOnlyList<string> TagsOf(string imageId)
    {
        if (!_tagCountByImageId.TryGetValue(imageId, out int count))
            return [];
        List<string> tags = new(count);
        foreach ((string tag, string id) in _imageIdByTag)
        {
            if (id == imageId)
                tags.Add(tag);
        }

        return tags;
    }

    /// <summary>Points a tag at an image; it leaves the one it named before.</summary>
    public void Set(string reference, string imageId)
    {
        string tag = Normalize(reference);
        _ = Remove(tag);
        _imageIdByTag.Add(tag, imageId);
        _tagCountByImageId[imageId] = _tagCountByImageId.GetValueOrDefault(imageId) + 1;
    }

    public bool Remove(string reference)
    {
        if (!_imageIdByTag.Remove(Normalize(reference), out string? imageId))
            return false;
        int left = _tagCountByImageId[imageId] - 1;
        if (left == 0)
            _tagCountByImageId.Remove(imageId);
        else
            _tagCountByImageId[imageId] = left;
        return true;
    }
}
