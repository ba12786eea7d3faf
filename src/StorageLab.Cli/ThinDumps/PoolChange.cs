namespace StorageLab.Cli.ThinDumps;

/// <summary>What one thing done to an imported pool changed.</summary>
/// <param name="Action">In words, e.g. <c>delete 7</c>.</param>
/// <param name="DataBlockDelta">Data blocks in use after it less those before: below 0 they came back.</param>
/// <param name="MetadataBlockDelta">The same for metadata blocks.</param>
/// <param name="Remark">What else there is to say; empty for nothing.</param>
internal sealed record PoolChange(string Action, long DataBlockDelta, long MetadataBlockDelta, string Remark);
