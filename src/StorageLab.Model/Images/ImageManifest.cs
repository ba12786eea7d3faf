using System.Globalization;
using System.Text;

namespace StorageLab.Model.Images;

/// <summary>The manifest under which a registry offers an image: its configuration and its compressed layers, each by digest and length.</summary>
/// <param name="Digest">SHA-256 of its JSON: the digest that <c>docker pull</c> prints.</param>
/// <param name="LengthBytes">Length of its JSON.</param>
/// <remarks>
/// Written as docker/distribution writes schema 2, indented by three blanks. The compressed layers themselves are not kept, so
/// their digests are derived (<see cref="BlobDigest"/>), and with them the manifest's.
/// </remarks>
public sealed record ImageManifest(string Digest, int LengthBytes)
{
    private const string MediaTypes = "application/vnd.docker.";

    public static ImageManifest Of(ImageDefinition definition)
    {
        StringBuilder json = new();
        json.Append("{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"").Append(MediaTypes).Append("distribution.manifest.v2+json\",\n   \"config\": {\n");
        AppendDescriptor(json, "      ", "container.image.v1+json", definition.Configuration.JsonBytes, definition.ImageId);
        json.Append("   },\n   \"layers\": [");
        var isFirst = true;
        foreach (ImageLayer layer in definition.Layers)
        {
            json.Append(isFirst ? "\n      {\n" : ",\n      {\n");
            AppendDescriptor(json, "         ", "image.rootfs.diff.tar.gzip", layer.CompressedBytes, BlobDigest(layer.DiffId));
            json.Append("      }");
            isFirst = false;
        }

        json.Append("\n   ]\n}");
        byte[] bytes = Encoding.UTF8.GetBytes(json.ToString());
        return new ImageManifest(ContentIds.Of(bytes), bytes.Length);
    }

    /// <summary>Stands for the digest of a layer's compressed archive, which is not known: the digest of its diff ID.</summary>
    public static string BlobDigest(string diffId) => ContentIds.Of(diffId);

    private static void AppendDescriptor(StringBuilder json, string indent, string mediaType, long lengthBytes, string digest) => json
        .Append(indent).Append("\"mediaType\": \"").Append(MediaTypes).Append(mediaType).Append("\",\n")
        .Append(indent).Append(CultureInfo.InvariantCulture, $"\"size\": {lengthBytes},\n")
        .Append(indent).Append("\"digest\": \"").Append(digest).Append("\"\n");
}
