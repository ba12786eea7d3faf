using System.Collections.Immutable;
using StorageLab.Model.Images;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Recorded;

/// <summary>The images of recorded runs: images.json and a listing per image.</summary>
internal sealed class RecordedImages(string folder, NameTable names)
{
    private readonly Dictionary<string, ImageDefinition> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LayerContent> _layers = new(StringComparer.Ordinal);
    private JsonFile? _index;

    /// <summary>Finds an image by its key.</summary>
    /// <param name="complain">Makes the error for an image that is not there.</param>
    public ImageDefinition Find(string key, Func<string, InputException> complain)
    {
        if (_read.TryGetValue(key, out ImageDefinition? known))
            return known;
        _index ??= JsonFile.Read(Path.Combine(folder, "images.json"));
        foreach (YamlNode entry in _index.List(_index.Root, "images"))
        {
            if (_index.Text(entry, "key") == key)
                return _read[key] = Read(_index, entry, key);
        }

        throw complain($"image '{key}' is not in {Path.Combine(folder, "images.json")}");
    }

    private ImageDefinition Read(JsonFile index, YamlNode entry, string key)
    {
        IReadOnlyList<YamlNode> diffIds = index.List(entry, "diff_ids");
        string path = Path.Combine(folder, $"{key}.layers.csv.gz");
        ImmutableArray<LayerContent> contents = LayerListingReader.Read(path, names);
        if (contents.Length != diffIds.Count)
            throw new InputException(path, $"lists {contents.Length} layers; images.json names {diffIds.Count} for {key}");
        ImmutableArray<ImageLayer>.Builder layers = ImmutableArray.CreateBuilder<ImageLayer>(contents.Length);
        for (var layer = 0; layer < contents.Length; layer++)
        {
            string diffId = index.Text(diffIds[layer]);
            // Two images that share a layer list it twice; one content serves both.
            if (!_layers.TryGetValue(diffId, out LayerContent? content))
                _layers.Add(diffId, content = contents[layer]);
            layers.Add(new ImageLayer(diffId, content.FileBytes, content));
        }

        return new ImageDefinition { Key = key, Tag = index.Text(entry, "tag"), ImageId = index.Text(entry, "image_id"), Layers = layers.MoveToImmutable() };
    }
}
