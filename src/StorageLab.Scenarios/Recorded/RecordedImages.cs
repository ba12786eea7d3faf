using System.Collections.Immutable;
using System.Text.RegularExpressions;
using StorageLab.Model.Images;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Recorded;

/// <summary>The images of recorded runs: images.json and a listing per image.</summary>
public sealed partial class RecordedImages(string folder, NameTable names)
{
    private readonly Dictionary<string, ImageDefinition> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LayerContent> _layers = new(StringComparer.Ordinal);
    private JsonFile? _index;

    /// <summary>Finds an image by its key.</summary>
    /// <param name="complain">Makes the error for an image that is not there.</param>
    internal ImageDefinition Find(string key, Func<string, InputException> complain)
    {
        if (!SafeKey().IsMatch(key))
            throw complain($"'{LayerLimits.Shown(key)}' is not an image's key; it has letters, digits, dots, dashes and underscores");
        return TryFind(key) ?? throw complain($"image '{key}' is not in {Path.Combine(folder, "images.json")}");
    }

    /// <summary>The images that were asked for so far.</summary>
    public IReadOnlyCollection<ImageDefinition> Found => _read.Values;

    /// <summary>Finds an image by its key; null when there is none.</summary>
    /// <exception cref="InputException">A file of the image is missing or malformed.</exception>
    public ImageDefinition? TryFind(string key)
    {
        if (_read.TryGetValue(key, out ImageDefinition? known))
            return known;
        _index ??= JsonFile.Read(Path.Combine(folder, "images.json"));
        foreach (YamlNode entry in _index.List(_index.Root, "images"))
        {
            if (_index.Text(entry, "key") == key)
                return _read[key] = Read(_index, entry, key);
        }

        return null;
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
            string diffId = Digest(index, diffIds[layer]);
            // Two images that share a layer list it twice; one content serves both.
            if (!_layers.TryGetValue(diffId, out LayerContent? content))
                _layers.Add(diffId, content = contents[layer]);
            layers.Add(new ImageLayer(diffId, content.FileBytes, content));
        }

        string tag = index.Text(entry, "tag");
        if (!ImageReference.IsValid(tag))
            throw index.Bad(index.Member(entry, "tag"), $"'{LayerLimits.Shown(tag)}' is not a name for an image; write one as name:tag, in lower case");
        string imageId = Digest(index, index.Member(entry, "image_id"));
        return new ImageDefinition
        {
            Key = key,
            Tag = tag,
            ImageId = imageId,
            Layers = layers.MoveToImmutable(),
            Configuration = RecordedConfigurations.Find(folder, index, entry, key, imageId),
        };
    }

    private static string Digest(JsonFile index, YamlNode node)
    {
        string text = index.Text(node);
        return ContentDigest.IsValid(text) ? text : throw index.Bad(node, $"'{LayerLimits.Shown(text)}' is not a digest; write sha256: and 64 hexadecimal digits");
    }

    /// <summary>Keys are names of files beside images.json.</summary>
    [GeneratedRegex(@"^\w[\w.-]{0,99}\z", RegexOptions.ECMAScript)]
    private static partial Regex SafeKey();
}
