using System.Formats.Tar;

namespace StorageLab.Scenarios.Archives;

/// <summary>Goes through a tar, with one kind of exception for whatever is wrong with a header.</summary>
internal static class TarEntries
{
    /// <summary>The next entry, or null at the end of the tar.</summary>
    /// <exception cref="ArchiveException">A header is damaged. (A truncated tar is an <see cref="EndOfStreamException"/>.)</exception>
    public static TarEntry? Next(TarReader reader)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception e) when (e is OverflowException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // What System.Formats.Tar lets through besides its documented exceptions, found by damaging archives.
            throw new ArchiveException($"is damaged: a tar header cannot be read ({LayerLimits.Shown(e.Message.TrimEnd('.'))})");
        }
    }
}
