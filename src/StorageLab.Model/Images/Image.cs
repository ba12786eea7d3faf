using StorageLab.Model.Measurement;

namespace StorageLab.Model.Images;

/// <summary>An image the daemon holds.</summary>
public sealed class Image
{
    /// <summary><c>sha256:</c> and 64 digits.</summary>
    public required string Id { get; init; }

    /// <summary>Top layer; the image holds one reference to it. Null for an image without layers.</summary>
    public required Layer? Top { get; init; }

    public ImageConfiguration Configuration { get; init; } = ImageConfiguration.Unknown;

    /// <summary>The image this one was built or committed from; null for one that was pulled or loaded.</summary>
    public string? ParentId { get; init; }

    /// <summary>The instruction that made the top layer, for a built image; with the parent it is the key of the build cache.</summary>
    public string Instruction { get; init; } = "";

    /// <summary>When <c>docker tag</c>, a build or a commit last gave it a tag; pulls and loads do not count.</summary>
    public Timestamp LastTagged { get; set; } = Timestamp.Never;

    /// <summary>Digest of the manifest it was pulled or pushed under; null before either.</summary>
    public string? ManifestDigest { get; set; }

    /// <summary>Its layers, bottom first.</summary>
    public IEnumerable<Layer> Layers
    {
        get
        {
            Stack<Layer> fromTop = new();
            for (Layer? layer = Top; layer is not null; layer = layer.Parent)
                fromTop.Push(layer);
            return fromTop;
        }
    }

    /// <summary>Sizes of all its layers, in bytes: the size <c>docker image ls</c> shows.</summary>
    public long VirtualBytes
    {
        get
        {
            long bytes = 0;
            for (Layer? layer = Top; layer is not null; layer = layer.Parent)
                bytes += layer.SizeBytes;
            return bytes;
        }
    }
}
