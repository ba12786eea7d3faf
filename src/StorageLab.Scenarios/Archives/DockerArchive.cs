using System.Collections.Immutable;
using System.Text.Json;
using StorageLab.Model.Images;

namespace StorageLab.Scenarios.Archives;

/// <summary>Archives of docker save: <c>manifest.json</c> names, per image, its configuration, its tags and its layers' tars.</summary>
internal static class DockerArchive
{
    public const string ManifestName = "manifest.json";

    /// <summary>Images of one archive.</summary>
    private const int ImageCountMax = 1_000;

    public static ImmutableArray<ImageDefinition> Read(ImageAssembler assembler, JsonElement manifest, string fallbackTag)
    {
        if (manifest.ValueKind != JsonValueKind.Array || manifest.GetArrayLength() is 0 or > ImageCountMax)
            throw new ArchiveException($"{ManifestName} is not a list of 1 to {ImageCountMax} images");
        List<ImageDefinition> images = [];
        foreach (JsonElement image in manifest.EnumerateArray())
        {
            if (image.ValueKind != JsonValueKind.Object || Text(image, "Config") is not { } configPath || Texts(image, "Layers") is not { } layers)
                throw new ArchiveException($"{ManifestName} has an image without Config or Layers");
            using JsonDocument configuration = assembler.ReadJson(configPath, out byte[] bytes);
            CheckName(configPath, bytes);
            string[] tags = [.. (Texts(image, "RepoTags") ?? []).Select(Tag)];
            images.AddRange(assembler.Assemble(configuration, bytes, layers, tags, fallbackTag));
        }

        return [.. images.DistinctBy(image => image.Key)];
    }

    // Docker names a configuration by its digest: HEX.json, or blobs/sha256/HEX since version 25.
    private static void CheckName(string path, byte[] bytes)
    {
        string said = "sha256:" + Path.GetFileNameWithoutExtension(path);
        string digest = ContentDigest.Of(bytes);
        if (ContentDigest.IsValid(said) && said != digest)
            throw new ArchiveException($"configuration {LayerLimits.Shown(path)} has digest {digest}, not the one it is named by");
    }

    private static string Tag(string tag) => ImageReference.IsValid(tag)
        ? ImageReference.Familiar(tag)
        : throw new ArchiveException($"{ManifestName} has tag '{LayerLimits.Shown(tag)}', which is not name:tag");

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<string>? Texts(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            return null;
        return list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : throw new ArchiveException($"{ManifestName}: {name} holds something that is not a text");
    }
}
