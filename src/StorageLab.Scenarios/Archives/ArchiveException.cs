namespace StorageLab.Scenarios.Archives;

/// <summary>Something in an archive is wrong; the reader of the archive adds its name.</summary>
internal sealed class ArchiveException(string message) : Exception(message);
