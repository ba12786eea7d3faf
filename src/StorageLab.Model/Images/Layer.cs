namespace StorageLab.Model.Images;

/// <summary>A read-only layer that the layer store holds.</summary>
public sealed class Layer
{
    internal Layer(string chainId, ImageLayer source, string cacheId, Layer? parent, long sizeBytes)
    {
        ChainId = chainId;
        Source = source;
        CacheId = cacheId;
        Parent = parent;
        SizeBytes = sizeBytes;
    }

    public string ChainId { get; }

    /// <summary>What was unpacked.</summary>
    public ImageLayer Source { get; }

    public string DiffId => Source.DiffId;

    /// <summary>The layer's name in the graph driver.</summary>
    public string CacheId { get; }

    public Layer? Parent { get; }

    /// <summary>Size of this layer alone, as the driver reported it when it was unpacked, in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>Images, child layers and container mounts that need it.</summary>
    public int ReferenceCount { get; internal set; }

    /// <summary>Layers from this one down to the bottom, itself counted.</summary>
    public int Depth => Parent is null ? 1 : Parent.Depth + 1;
}
