namespace StorageLab.Model.FileSystems;

/// <summary>What stat(2) says of an inode.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="SizeBytes">Apparent size in bytes (<c>st_size</c>; what <c>ls -l</c> shows).</param>
/// <param name="AllocatedBytes">Blocks held, in bytes (<c>st_blocks * 512</c>; what <c>du</c> shows). Delayed allocations count, as in the kernel.</param>
/// <param name="LinkCount">Names the inode has; 2 and more for directories.</param>
public readonly record struct InodeStat(InodeKind Kind, long SizeBytes, long AllocatedBytes, int LinkCount);
