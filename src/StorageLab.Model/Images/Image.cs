namespace StorageLab.Model.Images;

/// <summary>An image the daemon holds.</summary>
public sealed class Image
{
    /// <summary><c>sha256:</c> and 64 digits.</summary>
    public required string Id { get; init; }

    /// <summary>Top layer; the image holds one reference to it. Null for an image without layers.</summary>
    public required Layer? Top { get; init; }

    /// <summary>The image this one was built or committed from; null for one that was pulled or loaded.</summary>
    public string? ParentId { get; init; }

    /// <summary>The instruction that made the top layer, for a built image; with the parent it is the key of the build cache.</summary>
    public string Instruction { get; init; } = "";
}
