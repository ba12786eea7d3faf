namespace StorageLab.Reports;

/// <summary>Files that are there whole or not at all: written under another name and renamed when complete.</summary>
public static class AtomicFile
{
    /// <exception cref="IOException">The file could not be written; a file of that name from before is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = path + ".tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
                write(stream);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
