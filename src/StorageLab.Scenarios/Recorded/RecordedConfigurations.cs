using System.Collections.Immutable;
using System.Text.Json;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Configurations of recorded images: beside their listings, or among those that are shipped by their digests.</summary>
internal static class RecordedConfigurations
{
    /// <param name="folder">The recording's images.</param>
    /// <param name="entry">What images.json says of the image.</param>
    /// <exception cref="InputException">A configuration is malformed or is that of another image.</exception>
    public static ImageConfiguration Find(string folder, JsonFile index, YamlNode entry, string key, string imageId)
    {
        string[] places =
        [
            Path.Combine(folder, $"{key}.config.json"),
            Path.Combine(ScenarioLibrary.Shipped.Folder, "configurations", $"{ContentIds.Hex(imageId)}.json"),
        ];
        return places.FirstOrDefault(File.Exists) is { } path ? Read(path, imageId) : FromIndex(index, entry);
    }

    private static ImageConfiguration Read(string path, string imageId)
    {
        byte[] bytes = InputFile.ReadBytes(path);
        if (ContentIds.Of(bytes) != imageId)
            throw new InputException(path, $"has digest {ContentIds.Of(bytes)}; the image is {imageId}");
        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes);
            return ImageConfigurationReader.Read(json.RootElement, bytes.Length);
        }
        catch (JsonException e)
        {
            throw new InputException([new InputProblem(path, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, "is not JSON")]);
        }
    }

    private static ImageConfiguration FromIndex(JsonFile index, YamlNode entry)
    {
        Timestamp created = Timestamp.Never;
        if (JsonFile.Has(entry, "created") && !Timestamp.TryParse(index.Text(entry, "created"), out created))
            throw index.Bad(index.Member(entry, "created"), "is not a time such as 2024-01-15T10:00:00Z");
        IReadOnlyList<KeyValuePair<YamlText, YamlNode>> labels = JsonFile.Has(entry, "labels") && index.Member(entry, "labels") is YamlMap map ? map.Entries : [];
        return ImageConfiguration.Unknown with
        {
            Created = created,
            Configuration = new ContainerConfiguration
            {
                Labels = ImmutableSortedDictionary.CreateRange(
                    StringComparer.Ordinal, labels.Select(label => KeyValuePair.Create(label.Key.Value, index.Text(label.Value)))),
            },
        };
    }
}
