namespace StorageLab.Scenarios.Archives;

/// <summary>An image archive that lies unpacked in a folder.</summary>
internal sealed class FolderSource(string folder) : IArchiveSource
{
    public Stream? Open(string path)
    {
        if (ArchivePath.Clean(path) is not { Length: > 0 } clean)
            throw new ArchiveException($"path '{LayerLimits.Shown(path)}' leads out of the archive");
        string full = Path.Combine(folder, clean);
        return File.Exists(full) ? new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16) : null;
    }

    public void Dispose()
    {
    }
}
