using System.Text.Json;
using StorageLab.Model.Images;

namespace StorageLab.Scenarios;

/// <summary>Image IDs of catalog images, whose configurations were not recorded.</summary>
/// <remarks>
/// An image ID is the SHA-256 of the configuration's JSON (moby v20.10.24, image/store.go). A catalog image gets the smallest configuration
/// Docker would accept, written without blanks and in this order: <c>architecture</c>, <c>os</c>, <c>created</c> (a fixed instant),
/// <c>config.Labels</c> with the catalog's key, and <c>rootfs</c> with the real diff IDs. So the ID is the same on every machine and
/// changes with
/// the layers; the label keeps two images of equal layers apart, as their real configurations would.
/// </remarks>
internal static class CatalogImageId
{
    /// <summary>The month the listings were made in; a fixed instant keeps IDs the same for ever.</summary>
    private const string Created = "2026-11-01T00:00:00Z";

    private static readonly JsonWriterOptions Compact = new() { Indented = false };

    public static string Of(string key, IEnumerable<ImageLayer> layers) => ContentDigest.Of(ConfigurationOf(key, layers));

    internal static byte[] ConfigurationOf(string key, IEnumerable<ImageLayer> layers)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Compact))
        {
            json.WriteStartObject();
            json.WriteString("architecture", "amd64");
            json.WriteString("os", "linux");
            json.WriteString("created", Created);
            json.WriteStartObject("config");
            json.WriteStartObject("Labels");
            json.WriteString("storagelab.image", key);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("rootfs");
            json.WriteString("type", "layers");
            json.WriteStartArray("diff_ids");
            foreach (ImageLayer layer in layers)
                json.WriteStringValue(layer.DiffId);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
