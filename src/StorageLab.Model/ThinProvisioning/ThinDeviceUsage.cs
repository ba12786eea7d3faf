namespace StorageLab.Model.ThinProvisioning;

/// <summary>What one thin device holds of its pool.</summary>
/// <param name="Id">24 bits.</param>
/// <param name="MappedBlockCount">Blocks it maps.</param>
/// <param name="ExclusiveBlockCount">Those that no other device maps: what deleting it alone gives back.</param>
public sealed record ThinDeviceUsage(int Id, long MappedBlockCount, long ExclusiveBlockCount)
{
    public long SharedBlockCount => MappedBlockCount - ExclusiveBlockCount;
}
