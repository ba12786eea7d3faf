namespace StorageLab.Cli.Validation;

/// <summary>What the pool maps at the end of a run: as thin_dump found it on the real host, and in the model.</summary>
/// <param name="RealDevices">Thin devices in the dump.</param>
/// <param name="RealBlocks">Blocks that they map, shared ones once for each.</param>
/// <param name="ModelDevices">Thin devices of the model's pool.</param>
/// <param name="ModelBlocks">Blocks that they map.</param>
internal sealed record FinalMappings(int RealDevices, long RealBlocks, int ModelDevices, long ModelBlocks);
