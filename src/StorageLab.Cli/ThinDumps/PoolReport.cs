using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.ThinProvisioning;

namespace StorageLab.Cli.ThinDumps;

/// <summary>What an imported pool holds, and what was done to it.</summary>
internal sealed record PoolReport
{
    public required string File { get; init; }

    public required long BlockBytes { get; init; }

    public required long TotalBlockCount { get; init; }

    public required long MetadataUsedBlockCount { get; init; }

    public required ThinPoolUsage Usage { get; init; }

    /// <summary>Data blocks by block size, for sizes that were asked for.</summary>
    public required ImmutableArray<(long BlockBytes, long BlockCount)> LargerBlocks { get; init; }

    public required ImmutableArray<PoolChange> Changes { get; init; }

    /// <summary>Data blocks in use after the changes.</summary>
    public required long FinalUsedBlockCount { get; init; }

    public long FreeBlockCount => TotalBlockCount - Usage.UsedBlockCount;

    /// <summary>Free data blocks below which Docker makes no new device (dm.min_free_space at its default).</summary>
    public long MinimumFreeBlockCount => Math.Max(1, TotalBlockCount * StorageOptions.Default(DriverNames.LoopLvm).MinFreeSpacePercent / 100);
}
