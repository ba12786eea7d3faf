using System.Collections.Immutable;

namespace StorageLab.Model.Maps;

/// <summary>Where on the driver's storage what lies: the pool's data device, or the host's file system under overlay2.</summary>
/// <param name="Title">What is mapped.</param>
/// <param name="TotalBytes">Its size.</param>
/// <param name="CellBytes">Size of the pieces in which it is best drawn: a pool's block, or what files seldom share.</param>
/// <param name="Runs">What is not free, in order; adjacent runs differ in use or owner.</param>
/// <param name="Owners">Names of layers, containers and the rest, the same list at every reading of one host; it only grows.</param>
public sealed record DiskMap(string Title, long TotalBytes, long CellBytes, ImmutableArray<DiskRun> Runs, IReadOnlyList<string> Owners)
{
    /// <summary>End of the last run that is not free.</summary>
    public long EndBytes => Runs.IsEmpty ? 0 : Runs[^1].EndBytes;

    public long BytesOf(BlockUse use) => use == BlockUse.Free
        ? TotalBytes - Runs.Sum(run => run.LengthBytes)
        : Runs.Where(run => run.Use == use).Sum(run => run.LengthBytes);
}
