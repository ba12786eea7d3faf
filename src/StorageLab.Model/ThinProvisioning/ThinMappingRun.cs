namespace StorageLab.Model.ThinProvisioning;

/// <summary>Adjacent blocks of a thin device that lie in adjacent blocks of the pool and were mapped at the same pool time.</summary>
/// <param name="VirtualBlock">First block in the thin device.</param>
/// <param name="DataBlock">First block in the pool's data device.</param>
/// <param name="BlockCount">At least 1.</param>
/// <param name="Time">The pool's snapshot counter when the blocks were mapped, 24 bits.</param>
public readonly record struct ThinMappingRun(long VirtualBlock, long DataBlock, long BlockCount, uint Time);
