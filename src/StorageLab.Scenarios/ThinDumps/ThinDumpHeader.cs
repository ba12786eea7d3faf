namespace StorageLab.Scenarios.ThinDumps;

/// <summary>What a dump says of the pool's data device.</summary>
/// <param name="DataBlockBytes">A block a pool can have.</param>
/// <param name="DataBlockCount">At least 1.</param>
public sealed record ThinDumpHeader(long DataBlockBytes, int DataBlockCount)
{
    public long DataBytes => DataBlockBytes * DataBlockCount;
}
