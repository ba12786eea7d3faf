namespace StorageLab.Model.Maps;

/// <summary>Adjacent bytes of a driver's storage that are used for the same.</summary>
/// <param name="StartBytes">Where they begin.</param>
/// <param name="LengthBytes">At least 1.</param>
/// <param name="Use">What for.</param>
/// <param name="Owner">Index into <see cref="DiskMap.Owners"/> of who wrote them, for held ones of who wrote them last; of blocks that
/// several devices share, the layer they come from.</param>
public readonly record struct DiskRun(long StartBytes, long LengthBytes, BlockUse Use, int Owner)
{
    public long EndBytes => StartBytes + LengthBytes;
}
