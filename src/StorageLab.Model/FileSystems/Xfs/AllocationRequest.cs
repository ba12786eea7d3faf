namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>What the allocator is asked for and what it found: the kernel's struct xfs_alloc_arg (fs/xfs/libxfs/xfs_alloc.h). Lengths in blocks.</summary>
internal struct AllocationRequest
{
    public int Group;

    /// <summary>Wanted block within the group.</summary>
    public long Target;

    public long LengthMin;

    public long LengthMax;

    public int Alignment;

    /// <summary>Room that must be there for a later, aligned try, but is not taken.</summary>
    public long AlignmentSlop;

    /// <summary>Blocks that must stay free in the group.</summary>
    public long LeaveFree;

    /// <summary>All blocks the caller's transaction may still need.</summary>
    public long Total;

    /// <summary>File content rather than metadata: prefers the start of a free extent, so that the file can grow.</summary>
    public bool IsUserData;

    /// <summary>Lowest and highest block a sparse inode chunk may start at; both 0 for the whole group.</summary>
    public long BlockMin;

    public long BlockMax;

    /// <summary>Found start within <see cref="Group"/>; -1 when nothing fits.</summary>
    public long Block;

    public long Length;

    public readonly bool Found => Block >= 0;
}
