using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.Images;

namespace StorageLab.Scenarios.Traces;

/// <summary>Images of which only sizes are known: their layers hold files as large as the shipped catalog's are on average.</summary>
/// <remarks>What a layer unpacks to is its compressed size times what the catalog's layers unpack to, all together. Many files of one size
/// stand for many of different sizes; a layer has at most 256, so that a trace of many images does not fill the memory with names.</remarks>
internal sealed class SyntheticImages
{
    private const int FileCountMax = 256;

    private readonly NameTable _names;
    private readonly long _unpackedBytes;
    private readonly long _compressedBytes;
    private readonly long _fileBytes;
    private readonly Dictionary<string, ImageLayer> _layers = new(StringComparer.Ordinal);

    public SyntheticImages(ImageCatalog catalog, NameTable names)
    {
        _names = names;
        _unpackedBytes = catalog.Layers.Values.Sum(layer => layer.SizeBytes);
        _compressedBytes = catalog.Layers.Values.Sum(layer => layer.CompressedBytes);
        _fileBytes = Math.Max(1, _unpackedBytes / Math.Max(1, catalog.Layers.Values.Sum(layer => (long)layer.EntryCount)));
    }

    /// <summary>An image of layers known by digest and compressed size.</summary>
    /// <param name="layers">Bottom first.</param>
    public ImageDefinition OfLayers(string reference, IEnumerable<(string Digest, long CompressedBytes)> layers) =>
        Define(reference, [.. layers.Take(LayerLimits.LayerCountMax).Select(layer => LayerOf(layer.Digest, layer.CompressedBytes, Scale(layer.CompressedBytes, _unpackedBytes, _compressedBytes)))]);

    /// <summary>An image of one layer, known by its size unpacked.</summary>
    public ImageDefinition OfSize(string reference, long unpackedBytes) =>
        Define(reference, [LayerOf(reference, Scale(unpackedBytes, _compressedBytes, _unpackedBytes), unpackedBytes)]);

    /// <summary>An image of a layer it shares with others and one of its own.</summary>
    /// <param name="sharedLayer">Names the shared layer.</param>
    /// <param name="unpackedBytes">Of both together.</param>
    /// <param name="ownShare">The own layer's share, from 0 to 1.</param>
    public ImageDefinition OfParts(string reference, string sharedLayer, long unpackedBytes, double ownShare)
    {
        var ownBytes = (long)(unpackedBytes * ownShare);
        long sharedBytes = unpackedBytes - ownBytes;
        return Define(reference,
        [
            LayerOf(sharedLayer, Scale(sharedBytes, _compressedBytes, _unpackedBytes), sharedBytes),
            LayerOf(reference, Scale(ownBytes, _compressedBytes, _unpackedBytes), ownBytes),
        ]);
    }

    private static ImageDefinition Define(string reference, ImmutableArray<ImageLayer> layers) =>
        CatalogConfiguration.Define(new CatalogImage(reference, reference, [.. layers.Select((_, index) => $"layer-{index + 1}")]), position: 0, layers);

    private ImageLayer LayerOf(string digest, long compressedBytes, long unpackedBytes)
    {
        if (_layers.TryGetValue(digest, out ImageLayer? known))
            return known;
        LayerContentBuilder content = new(_names);
        long fileCount = Math.Clamp((unpackedBytes + _fileBytes - 1) / _fileBytes, 1, FileCountMax);
        for (long index = 0, leftBytes = unpackedBytes; index < fileCount; index++)
        {
            long bytes = index == fileCount - 1 ? leftBytes : unpackedBytes / fileCount;
            content.Add($"layer/f{index.ToString(CultureInfo.InvariantCulture)}", LayerEntryKind.File, bytes);
            leftBytes -= bytes;
        }

        ImageLayer layer = new(ContentIds.Of(digest), compressedBytes, content.Build());
        _layers.Add(digest, layer);
        return layer;
    }

    private static long Scale(long bytes, long numerator, long denominator) => (long)((Int128)bytes * numerator / Math.Max(1, denominator));
}
