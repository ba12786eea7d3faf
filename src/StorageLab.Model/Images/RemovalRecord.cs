namespace StorageLab.Model.Images;

/// <summary>One thing an image's removal took away: a reference, the image itself or a layer.</summary>
/// <param name="IsUntag">Whether a reference was removed; otherwise an image or a layer.</param>
/// <param name="Name">The familiar reference, the image's id, or the layer's chain ID.</param>
/// <param name="LayerBytes">Size of a removed layer, in bytes; else 0.</param>
public readonly record struct RemovalRecord(bool IsUntag, string Name, long LayerBytes)
{
    /// <summary>The line <c>docker image rm</c> prints.</summary>
    public override string ToString() => (IsUntag ? "Untagged: " : "Deleted: ") + Name;
}
