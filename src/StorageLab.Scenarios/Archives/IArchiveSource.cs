namespace StorageLab.Scenarios.Archives;

/// <summary>Where the files of an image archive are: a folder or a tar.</summary>
internal interface IArchiveSource : IDisposable
{
    /// <summary>Opens a file by its path in the archive; null when there is none. The stream is seekable and knows its length.</summary>
    /// <exception cref="ArchiveException">The path leaves the archive or goes in circles.</exception>
    Stream? Open(string path);
}
