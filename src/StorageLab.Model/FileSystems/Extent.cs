namespace StorageLab.Model.FileSystems;

/// <summary>A run of a file's blocks and where they lie.</summary>
/// <param name="FileBlock">First block within the file.</param>
/// <param name="DiskBlock">First block on the device, or <see cref="Delayed"/> while the place has not been chosen.</param>
/// <param name="BlockCount">Length in file-system blocks.</param>
internal readonly record struct Extent(long FileBlock, long DiskBlock, long BlockCount)
{
    /// <summary>Disk block of a run that is reserved but not placed: delayed allocation.</summary>
    public const long Delayed = -1;

    public bool IsDelayed => DiskBlock == Delayed;

    public long FileEnd => FileBlock + BlockCount;

    /// <summary>The part of this run within <c>[from, to)</c>, which must overlap it.</summary>
    public Extent Slice(long from, long to)
    {
        long start = Math.Max(from, FileBlock);
        long end = Math.Min(to, FileEnd);
        return new Extent(start, IsDelayed ? Delayed : DiskBlock + (start - FileBlock), end - start);
    }

    /// <summary>Whether <paramref name="next"/> continues this run in the file and on the disk.</summary>
    public bool IsContinuedBy(in Extent next) =>
        FileEnd == next.FileBlock
        && (IsDelayed ? next.IsDelayed : !next.IsDelayed && DiskBlock + BlockCount == next.DiskBlock);
}
