namespace StorageLab.Model.Images;

/// <summary>A layer as an image carries it: its identity, its sizes and what it unpacks to.</summary>
/// <param name="DiffId"><c>sha256:</c> and 64 hex digits of the uncompressed archive.</param>
/// <param name="CompressedBytes">Bytes a registry would send.</param>
/// <param name="Content">What it unpacks to.</param>
public sealed record ImageLayer(string DiffId, long CompressedBytes, LayerContent Content);
