using System.Collections.Immutable;
using System.Text.Json;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;

namespace StorageLab.Scenarios;

/// <summary>Configurations of catalog images, which were not recorded with their listings.</summary>
/// <remarks>
/// An image ID is the SHA-256 of the configuration's JSON (moby v20.10.24, image/store.go). A catalog image gets a configuration as a
/// build would write it, without blanks and with the keys in alphabetical order: the command, the path, the catalog's key as a label, one
/// line of history a layer, and the real diff IDs. So the ID is the same on every machine and changes with the layers; the label keeps two
/// images of equal layers apart, as their real configurations would.
/// </remarks>
internal static class CatalogConfiguration
{
    private const long NanosecondsPerHour = 3_600_000_000_000;

    /// <summary>The month the listings were made in; every image is an hour younger than the one before it.</summary>
    private static readonly Timestamp FirstCreated = Timestamp.Parse("2026-11-01T00:00:00Z");

    private static readonly JsonWriterOptions Compact = new() { Indented = false };

    /// <summary>The image with the configuration it gets.</summary>
    /// <param name="position">Its place in the catalog, from 0.</param>
    public static ImageDefinition Define(CatalogImage image, int position, ImmutableArray<ImageLayer> layers)
    {
        byte[] configuration = Write(image, position, layers);
        using JsonDocument json = JsonDocument.Parse(configuration);
        return new ImageDefinition
        {
            Key = image.Key,
            Tag = image.Tag,
            ImageId = ContentDigest.Of(configuration),
            Layers = layers,
            Configuration = ImageConfigurationReader.Read(json.RootElement, configuration.Length),
        };
    }

    private static byte[] Write(CatalogImage image, int position, ImmutableArray<ImageLayer> layers)
    {
        var created = FirstCreated.AddNanoseconds(position * NanosecondsPerHour).ToString();
        ImmutableArray<string> command = image.Command.IsDefaultOrEmpty ? ["/bin/sh"] : image.Command;
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Compact))
        {
            json.WriteStartObject();
            json.WriteString("architecture", "amd64");
            json.WriteStartObject("config");
            WriteTexts(json, "Cmd", command);
            WriteTexts(json, "Env", ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]);
            json.WriteStartObject("Labels");
            json.WriteString("storagelab.image", image.Key);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteString("created", created);
            json.WriteStartArray("history");
            foreach (string name in image.LayerNames)
                WriteHistory(json, created, $"/bin/sh -c #(nop) ADD {name} in / ", isEmptyLayer: false);
            WriteHistory(json, created, $"/bin/sh -c #(nop)  CMD [{string.Join(' ', command.Select(word => $"\"{word}\""))}]", isEmptyLayer: true);
            json.WriteEndArray();
            json.WriteString("os", "linux");
            json.WriteStartObject("rootfs");
            WriteTexts(json, "diff_ids", layers.Select(layer => layer.DiffId));
            json.WriteString("type", "layers");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void WriteHistory(Utf8JsonWriter json, string created, string createdBy, bool isEmptyLayer)
    {
        json.WriteStartObject();
        json.WriteString("created", created);
        json.WriteString("created_by", createdBy);
        if (isEmptyLayer)
            json.WriteBoolean("empty_layer", true);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
