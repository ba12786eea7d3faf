using StorageLab.Model.Images;

namespace StorageLab.Shell.Docker;

/// <summary>What can be pulled: the images of the host's source and those that were pushed.</summary>
internal sealed class Registry(IImageSource source)
{
    private readonly Dictionary<string, SortedDictionary<string, ImageDefinition>> _pushed = new(StringComparer.Ordinal);
    private readonly List<(ImageName Repository, string DiffId)> _blobs = [];

    /// <summary>Tags of a repository with their images, in order.</summary>
    public IReadOnlyDictionary<string, ImageDefinition> TagsOf(ImageName name)
    {
        SortedDictionary<string, ImageDefinition> tags = new(StringComparer.Ordinal);
        foreach ((string tag, ImageDefinition image) in source.TagsOf(name.Path))
            tags[tag] = image;
        if (_pushed.TryGetValue(name.Name, out SortedDictionary<string, ImageDefinition>? pushed))
        {
            foreach ((string tag, ImageDefinition image) in pushed)
                tags[tag] = image;
        }

        return tags;
    }

    /// <summary>The image a tag or digest names; null when there is none.</summary>
    public ImageDefinition? Find(ImageName name)
    {
        IReadOnlyDictionary<string, ImageDefinition> tags = TagsOf(name);
        return name.Digest is { } digest
            ? tags.Values.FirstOrDefault(image => ImageManifest.Of(image).Digest == digest)
            : tags.GetValueOrDefault(name.Tag ?? ImageName.DefaultTag);
    }

    /// <summary>Whether a repository has a layer already.</summary>
    public bool Has(ImageName name, string diffId) => _blobs.Any(blob => blob.DiffId == diffId && blob.Repository.Name == name.Name);

    /// <summary>The first other repository of the same registry that has a layer; null when none has.</summary>
    public string? FindElsewhere(ImageName name, string diffId) =>
        _blobs.Find(blob => blob.DiffId == diffId && blob.Repository.Domain == name.Domain).Repository?.Path;

    public void Push(ImageName name, ImageDefinition image)
    {
        foreach (ImageLayer layer in image.Layers.Where(layer => !Has(name, layer.DiffId)))
            _blobs.Add((name, layer.DiffId));
        if (!_pushed.TryGetValue(name.Name, out SortedDictionary<string, ImageDefinition>? tags))
            _pushed.Add(name.Name, tags = new SortedDictionary<string, ImageDefinition>(StringComparer.Ordinal));
        tags[name.Tag ?? ImageName.DefaultTag] = image;
    }
}
