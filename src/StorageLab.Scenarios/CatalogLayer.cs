namespace StorageLab.Scenarios;

/// <summary>A layer of a catalog as its table describes it.</summary>
/// <param name="Name">Names its listing.</param>
/// <param name="EntryCount">Rows of its listing.</param>
/// <param name="SizeBytes">Bytes of its regular files.</param>
/// <param name="CompressedBytes">Bytes a registry would send: the tar by gzip -6.</param>
/// <param name="DiffId">SHA-256 of its tar, with prefix.</param>
public sealed record CatalogLayer(string Name, int EntryCount, long SizeBytes, long CompressedBytes, string DiffId);
