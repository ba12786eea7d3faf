using System.Collections.Immutable;
using System.Text.Json;
using StorageLab.Model.Images;

namespace StorageLab.Scenarios.Archives;

/// <summary>OCI image layouts: <c>index.json</c> leads by digests through indexes and manifests to configurations and layers in
/// <c>blobs/</c>.</summary>
/// <remarks>Source: OCI image-spec v1.1, image-layout.md, image-index.md, manifest.md and annotations.md. Of several platforms linux/amd64
/// is read,
/// or else the first that is not an attestation ("unknown").</remarks>
internal sealed class OciLayout(ImageAssembler assembler, string fallbackName)
{
    public const string IndexName = "index.json";

    /// <summary>Images of one layout, and platforms of one image.</summary>
    private const int ManifestCountMax = 1_000;

    /// <summary>An index of indexes of manifests is common; deeper is a loop in all but digest.</summary>
    private const int IndexDepthMax = 4;

    private const string RefNameAnnotation = "org.opencontainers.image.ref.name";
    private const string ContainerdNameAnnotation = "io.containerd.image.name";

    public ImmutableArray<ImageDefinition> Read(JsonElement index)
    {
        return [.. Descriptors(index, IndexName).GroupBy(TagOf).SelectMany(group => ReadBest([.. group], group.Key, 0))];
    }

    private ImmutableArray<ImageDefinition> ReadBest(JsonElement[] descriptors, string tag, int depth)
    {
        if (depth > IndexDepthMax)
            throw new ArchiveException($"indexes are nested more than {IndexDepthMax} deep");
        JsonElement[] real = [.. descriptors.Where(descriptor => PlatformOf(descriptor) != "unknown/unknown")];
        if (real.Length == 0)
            throw new ArchiveException($"holds no image of {tag}, only attestations");
        JsonElement best = real.FirstOrDefault(descriptor => PlatformOf(descriptor) == "linux/amd64", real[0]);
        string digest = DigestOf(best);
        using JsonDocument manifest = ReadBlob(best, digest, out _);
        if (manifest.RootElement.ValueKind == JsonValueKind.Object && manifest.RootElement.TryGetProperty("manifests", out _))
            return ReadBest(Descriptors(manifest.RootElement, BlobPath(digest)), tag, depth + 1);
        return ReadManifest(manifest.RootElement, BlobPath(digest), tag);
    }

    private ImmutableArray<ImageDefinition> ReadManifest(JsonElement manifest, string path, string tag)
    {
        if (manifest.ValueKind != JsonValueKind.Object || !manifest.TryGetProperty("config", out JsonElement config)
            || config.ValueKind != JsonValueKind.Object || !manifest.TryGetProperty("layers", out JsonElement layers)
            || layers.ValueKind != JsonValueKind.Array || layers.EnumerateArray().Any(layer => layer.ValueKind != JsonValueKind.Object))
            throw new ArchiveException($"{path} is no image manifest: config and layers are missing");
        using JsonDocument configuration = ReadBlob(config, DigestOf(config), out byte[] bytes);
        string[] digests = [.. layers.EnumerateArray().Select(DigestOf)];
        foreach (string digest in digests.Take(LayerLimits.LayerCountMax))
        {
            (ImageLayer Layer, string BlobDigest) read = assembler.ReadLayer(BlobPath(digest));
            if (read.BlobDigest != digest)
                throw new ArchiveException($"layer {BlobPath(digest)} has digest {read.BlobDigest}, not the one it is named by");
        }

        return assembler.Assemble(configuration, bytes, [.. digests.Select(BlobPath)], [tag], tag);
    }

    private JsonDocument ReadBlob(JsonElement descriptor, string digest, out byte[] bytes)
    {
        JsonDocument json = assembler.ReadJson(BlobPath(digest), out bytes);
        string real = ContentDigest.Of(bytes);
        if (real != digest)
            throw new ArchiveException($"{BlobPath(digest)} has digest {real}, not the one it is named by");
        if (descriptor.TryGetProperty("size", out JsonElement size)
            && (size.ValueKind != JsonValueKind.Number || !size.TryGetInt64(out long said) || said != bytes.Length))
            throw new ArchiveException($"{BlobPath(digest)} has {bytes.Length} bytes; its descriptor says {LayerLimits.Shown(size.ToString())}");
        return json;
    }

    private static JsonElement[] Descriptors(JsonElement index, string path)
    {
        if (index.ValueKind != JsonValueKind.Object || !index.TryGetProperty("manifests", out JsonElement manifests)
            || manifests.ValueKind != JsonValueKind.Array || manifests.GetArrayLength() is 0 or > ManifestCountMax
            || manifests.EnumerateArray().Any(descriptor => descriptor.ValueKind != JsonValueKind.Object))
            throw new ArchiveException($"{path} has no list of 1 to {ManifestCountMax} manifests");
        return [.. manifests.EnumerateArray()];
    }

    private string TagOf(JsonElement descriptor)
    {
        string? name = Annotation(descriptor, ContainerdNameAnnotation) ?? Annotation(descriptor, RefNameAnnotation);
        if (name is null)
            return $"{fallbackName}:latest";
        string tag = name.AsSpan().IndexOfAny('/', ':') < 0 ? $"{fallbackName}:{name}" : ImageReference.Familiar(name);
        return ImageReference.IsValid(tag)
            ? tag
            : throw new ArchiveException($"{IndexName} names an image '{LayerLimits.Shown(name)}', which is not name:tag");
    }

    private static string? Annotation(JsonElement descriptor, string name) =>
        descriptor.TryGetProperty("annotations", out JsonElement annotations) && annotations.ValueKind == JsonValueKind.Object
            ? Text(annotations, name)
            : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string PlatformOf(JsonElement descriptor)
    {
        if (!descriptor.TryGetProperty("platform", out JsonElement platform) || platform.ValueKind != JsonValueKind.Object)
            return "";
        return $"{Text(platform, "os")}/{Text(platform, "architecture")}";
    }

    private static string DigestOf(JsonElement descriptor)
    {
        string digest = Text(descriptor, "digest") ?? "";
        return ContentDigest.IsValid(digest)
            ? digest
            : throw new ArchiveException($"'{LayerLimits.Shown(digest)}' is not a digest; one is sha256: and 64 hex digits");
    }

    private static string BlobPath(string digest) => $"blobs/sha256/{ContentDigest.Hex(digest)}";
}
