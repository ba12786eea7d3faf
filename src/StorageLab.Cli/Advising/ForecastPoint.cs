namespace StorageLab.Cli.Advising;

/// <summary>A host on one driver at the end of a day.</summary>
/// <param name="Day">From 1.</param>
/// <param name="AllocatedBytes">What the driver's storage holds of the disk.</param>
/// <param name="LiveBytes">What Docker needs of it.</param>
internal sealed record ForecastPoint(int Day, long AllocatedBytes, long LiveBytes)
{
    public long WastedBytes => Math.Max(0, AllocatedBytes - LiveBytes);
}
