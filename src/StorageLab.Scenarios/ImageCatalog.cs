using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;
using StorageLab.Model.Images;
using StorageLab.Model.Text;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios;

/// <summary>A folder of image listings: <c>images.yaml</c> names images and their layers, <c>layers.csv</c> describes the layers, and
/// <c>layers/NAME.csv.gz</c> lists what each holds. Listings are read when an image first needs them.</summary>
/// <remarks>Not safe for several threads: load what is needed, then share the definitions.</remarks>
public sealed class ImageCatalog
{
    private readonly string _folder;
    private readonly NameTable _names;
    private readonly Dictionary<string, ImageLayer> _layers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImageDefinition> _loaded = new(StringComparer.Ordinal);
    private readonly ImmutableDictionary<string, CatalogImage> _byKey;
    private readonly Dictionary<string, CatalogImage> _byTag = new(StringComparer.Ordinal);

    private ImageCatalog(string folder, NameTable names, ImmutableArray<CatalogImage> images, ImmutableDictionary<string, CatalogLayer> layers)
    {
        _folder = folder;
        _names = names;
        Images = images;
        Layers = layers;
        _byKey = images.ToImmutableDictionary(image => image.Key);
        foreach (CatalogImage image in images)
            _byTag.TryAdd(image.Tag, image);
    }

    /// <summary>In the order of the file.</summary>
    public ImmutableArray<CatalogImage> Images { get; }

    /// <summary>By name.</summary>
    public ImmutableDictionary<string, CatalogLayer> Layers { get; }

    /// <summary>Reads the two tables; no listing is touched.</summary>
    /// <exception cref="InputException">A table is missing or malformed, or an image names an unknown layer.</exception>
    public static ImageCatalog Open(string folder, NameTable names)
    {
        ImmutableDictionary<string, CatalogLayer> layers = ReadLayers(Path.Combine(folder, "layers.csv"));
        return new ImageCatalog(folder, names, ReadImages(Path.Combine(folder, "images.yaml"), layers), layers);
    }

    /// <summary>Finds an image by its key, or by its tag: a tag that was built several times means the first, later builds have keys of
    /// their own.
    /// A name without a tag means <c>:latest</c>, as in Docker.</summary>
    public CatalogImage? Find(string reference) =>
        _byKey.GetValueOrDefault(reference) ?? _byTag.GetValueOrDefault(reference) ?? _byTag.GetValueOrDefault(reference + ":latest");

    /// <summary>The keys and tags nearest to an unknown one, best first; for messages.</summary>
    public IEnumerable<string> NearestTo(string reference)
    {
        List<string> known = [.. Images.Select(image => image.Tag).Distinct(), .. Images.Select(image => image.Key)];
        string repository = reference.Split(':')[0];
        return known.Where(name => name.Split(':')[0] == repository)
            .Concat(new[] { NearestWord.Find(reference, known) }.OfType<string>())
            .Concat(known.Where(name => repository.Length > 2 && name.Contains(repository, StringComparison.OrdinalIgnoreCase)))
            .Distinct().Take(3);
    }

    /// <summary>Reads the listings of an image's layers, each once for all images.</summary>
    /// <exception cref="InputException">A listing is missing or malformed, or does not hold what the table says.</exception>
    public ImageDefinition Load(CatalogImage image)
    {
        if (_loaded.TryGetValue(image.Key, out ImageDefinition? known))
            return known;
        ImmutableArray<ImageLayer> layers = [.. image.LayerNames.Select(LoadLayer)];
        ImageDefinition definition = CatalogConfiguration.Define(image, Images.IndexOf(image), layers);
        _loaded.Add(image.Key, definition);
        return definition;
    }

    private ImageLayer LoadLayer(string name)
    {
        if (_layers.TryGetValue(name, out ImageLayer? known))
            return known;
        CatalogLayer row = Layers[name];
        string path = Path.Combine(_folder, "layers", name + ".csv.gz");
        ImmutableArray<LayerContent> contents = LayerListingReader.Read(path, _names);
        if (contents is not [LayerContent content] || content.FileBytes != row.SizeBytes)
        {
            throw new InputException(path,
                $"lists {contents.Length} layers with {contents.Sum(c => c.FileBytes)} bytes; layers.csv says one of {row.SizeBytes}");
        }

        ImageLayer layer = new(row.DiffId, row.CompressedBytes, content);
        _layers.Add(name, layer);
        return layer;
    }

    private static ImmutableDictionary<string, CatalogLayer> ReadLayers(string path)
    {
        ImmutableDictionary<string, CatalogLayer>.Builder layers = ImmutableDictionary.CreateBuilder<string, CatalogLayer>();
        using StringReader text = new(InputFile.ReadText(path));
        using CsvReader rows = new(text, CultureInfo.InvariantCulture);
        try
        {
            rows.Read();
            rows.ReadHeader();
            while (rows.Read())
            {
                CatalogLayer layer = new(rows.GetField<string>("layer")!, rows.GetField<int>("entries"), rows.GetField<long>("size_bytes"),
                    rows.GetField<long>("compressed_bytes"), rows.GetField<string>("diff_id")!);
                bool isRight = Math.Min(layer.SizeBytes, layer.CompressedBytes) >= 0 && ContentDigest.IsValid(layer.DiffId);
                if (!isRight || !layers.TryAdd(layer.Name, layer))
                {
                    throw new InputException([new InputProblem(path, rows.Parser.RawRow, 1,
                        $"layer '{LayerLimits.Shown(layer.Name)}' is given twice, or has a negative size or a bad diff_id")]);
                }
            }
        }
        catch (CsvHelperException)
        {
            throw new InputException([new InputProblem(path, Math.Max(1, rows.Parser.RawRow), 1,
                "the row is malformed; the columns are layer, entries, size_bytes, compressed_bytes, diff_id")]);
        }

        return layers.ToImmutable();
    }

    private static ImmutableArray<CatalogImage> ReadImages(string path, ImmutableDictionary<string, CatalogLayer> layers)
    {
        ProblemList problems = new(path);
        ImmutableArray<CatalogImage>.Builder images = ImmutableArray.CreateBuilder<CatalogImage>();
        YamlNode? root = YamlTreeReader.Read(InputFile.ReadText(path), problems);
        problems.ThrowIfAny();
        if ((root as YamlMap)?.Find("images") is not YamlMap entries)
            throw new InputException(path, "has no 'images:' with an image per line");
        foreach ((YamlText key, YamlNode value) in entries.Entries)
        {
            if (value is not YamlMap map || map.Find("tag") is not YamlText tag
                || map.Find("layers") is not YamlList { Items.Count: > 0 and <= LayerLimits.LayerCountMax } list)
            {
                problems.Add(key, $"image '{key.Value}' needs a tag and layers: {{tag: \"name:tag\", layers: [base, app]}}");
                continue;
            }

            foreach (YamlNode item in list.Items)
            {
                if (item is not YamlText name || !layers.ContainsKey(name.Value))
                    problems.Add(item, $"there is no layer '{(item as YamlText)?.Value}' in layers.csv");
            }

            ImmutableArray<string> command = map.Find("cmd") is YamlList words ? [.. words.Items.OfType<YamlText>().Select(word => word.Value)] : [];
            images.Add(new CatalogImage(key.Value, tag.Value, [.. list.Items.OfType<YamlText>().Select(name => name.Value)], command));
        }

        problems.ThrowIfAny();
        return images.ToImmutable();
    }
}
