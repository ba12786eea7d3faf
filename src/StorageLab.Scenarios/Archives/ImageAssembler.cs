using System.Collections.Immutable;
using System.Text.Json;
using StorageLab.Model.Images;

namespace StorageLab.Scenarios.Archives;

/// <summary>What docker archives and OCI layouts have in common: small JSON files, a configuration with diff IDs, and layers read
/// once.</summary>
internal sealed class ImageAssembler(IArchiveSource source, NameTable names)
{
    /// <summary>Manifests and configurations have a few kilobytes.</summary>
    private const int JsonBytesMax = 4 << 20;

    private readonly LayerTarReader _layerReader = new(names);
    private readonly Dictionary<string, (ImageLayer Layer, string BlobDigest)> _layers = new(StringComparer.Ordinal);

    /// <summary>Reads a JSON file of the archive; null when there is none.</summary>
    public JsonDocument? TryReadJson(string path, out byte[] bytes)
    {
        bytes = [];
        using Stream? stream = source.Open(path);
        if (stream is null)
            return null;
        if (stream.Length > JsonBytesMax)
            throw new ArchiveException($"{LayerLimits.Shown(path)} has {stream.Length} bytes; at most {JsonBytesMax} are read");
        bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        try
        {
            JsonDocument json = JsonDocument.Parse(bytes);
            ReadTexts(json.RootElement);
            return json;
        }
        catch (JsonException e)
        {
            throw new ArchiveException($"{LayerLimits.Shown(path)} is not JSON, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
        catch (InvalidOperationException)
        {
            throw new ArchiveException($"{LayerLimits.Shown(path)} holds a text that is not UTF-8");
        }
    }

    // The parser looks at a text's encoding only when it is read; so all are read here, where the file's name is known.
    private static void ReadTexts(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    _ = property.Name;
                    ReadTexts(property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                    ReadTexts(item);
                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
        }
    }

    public JsonDocument ReadJson(string path, out byte[] bytes) =>
        TryReadJson(path, out bytes) ?? throw new ArchiveException($"{LayerLimits.Shown(path)} is missing");

    /// <summary>Reads a layer of the archive, each once.</summary>
    public (ImageLayer Layer, string BlobDigest) ReadLayer(string path)
    {
        if (_layers.TryGetValue(path, out (ImageLayer Layer, string BlobDigest) known))
            return known;
        using Stream stream = source.Open(path) ?? throw new ArchiveException($"layer {LayerLimits.Shown(path)} is missing");
        try
        {
            known = _layerReader.Read(stream);
        }
        catch (Exception e) when (ArchiveImageReader.IsBadInput(e))
        {
            throw new ArchiveException($"layer {LayerLimits.Shown(path)} {ArchiveImageReader.Reason(e)}");
        }

        _layers.Add(path, known);
        return known;
    }

    /// <summary>Puts an image together once its configuration is known.</summary>
    public ImmutableArray<ImageDefinition> Assemble(
        JsonDocument configuration, byte[] configurationBytes, IReadOnlyList<string> layerPaths, IReadOnlyList<string> tags, string fallbackTag)
    {
        if (layerPaths.Count > LayerLimits.LayerCountMax)
        {
            throw new ArchiveException(
                $"max depth exceeded: an image has at most {LayerLimits.LayerCountMax} layers, this one has {layerPaths.Count}");
        }

        ImmutableArray<ImageLayer> layers = [.. layerPaths.Select(path => ReadLayer(path).Layer)];
        CheckDiffIds(configuration.RootElement, layers, layerPaths);
        ImageDefinition image = new()
        {
            Key = fallbackTag,
            Tag = fallbackTag,
            ImageId = ContentDigest.Of(configurationBytes),
            Layers = layers,
            Configuration = ImageConfigurationReader.Read(configuration.RootElement, configurationBytes.Length),
            IsUntagged = tags.Count == 0,
        };
        return tags.Count == 0 ? [image] : [.. tags.Select(tag => image with { Key = tag, Tag = tag })];
    }

    private static void CheckDiffIds(JsonElement configuration, ImmutableArray<ImageLayer> layers, IReadOnlyList<string> layerPaths)
    {
        if (configuration.ValueKind != JsonValueKind.Object || !configuration.TryGetProperty("rootfs", out JsonElement rootfs)
            || rootfs.ValueKind != JsonValueKind.Object || !rootfs.TryGetProperty("diff_ids", out JsonElement diffIds)
            || diffIds.ValueKind != JsonValueKind.Array)
            throw new ArchiveException("the image's configuration has no rootfs.diff_ids");
        if (diffIds.GetArrayLength() != layers.Length)
            throw new ArchiveException($"the configuration names {diffIds.GetArrayLength()} layers, the manifest {layers.Length}");
        for (var index = 0; index < layers.Length; index++)
        {
            string said = diffIds[index].ValueKind == JsonValueKind.String ? diffIds[index].GetString()! : "";
            if (said != layers[index].DiffId)
            {
                throw new ArchiveException(
                    $"layer {LayerLimits.Shown(layerPaths[index])} has diff ID {layers[index].DiffId}; the configuration says {LayerLimits.Shown(said)}");
            }
        }
    }
}
