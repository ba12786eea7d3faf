namespace StorageLab.Model.FileSystems.Xfs;

/// <content>Taking and freeing blocks within the allocation groups.</content>
public sealed partial class XfsFileSystem
{
    /// <summary>The whole group less its headers, tree roots and free list (fs/xfs/libxfs/xfs_alloc.c, xfs_alloc_ag_max_usable).</summary>
    private long MaxUsableGroupBlocks => _geometry.GroupBlocks - _geometry.HeaderBlocks - SetAsideBlocksPerGroup;

    /// <summary>XFS_ALLOCTYPE_THIS_BNO: exactly at the target or not at all.</summary>
    private bool TryTakeExact(long target, ref AllocationRequest request)
    {
        if (!TryAim(target, ref request))
            return false;
        BlockAllocator.FindExact(_groups[request.Group], _busy, ref request);
        return TryTake(ref request);
    }

    /// <summary>XFS_ALLOCTYPE_NEAR_BNO: in the target's group, as near to it as can be.</summary>
    private bool TryTakeNear(long target, ref AllocationRequest request)
    {
        if (!TryAim(target, ref request))
            return false;
        AllocationRequest search = request;
        BlockAllocator.FindNear(_groups[request.Group], _busy, ref search);
        if (!search.Found && _busy.WasInTheWay && ForceLog() == FsStatus.Ok)
        {
            search = request;
            BlockAllocator.FindNear(_groups[request.Group], _busy, ref search);
        }

        request = search;
        return TryTake(ref request);
    }

    /// <summary>XFS_ALLOCTYPE_START_BNO: near the target, else the best by size in the groups after it.</summary>
    private bool TryTakeFrom(long target, ref AllocationRequest request)
    {
        AllocationRequest near = request;
        if (TryTakeNear(target, ref near))
        {
            request = near;
            return true;
        }

        int first = GroupOf(target);
        for (var i = 1; i < _groups.Length; i++)
        {
            AllocationRequest bySize = request;
            if (!TryAim(DiskBlock((first + i) % _groups.Length, 0), ref bySize))
                continue;
            BlockAllocator.FindBySize(_groups[bySize.Group], _busy, ref bySize);
            if (!TryTake(ref bySize))
                continue;
            request = bySize;
            return true;
        }

        return false;
    }

    /// <summary>Points the request at a group and checks that the group has room for it (xfs_alloc_space_available).</summary>
    private bool TryAim(long target, ref AllocationRequest request)
    {
        request.Group = GroupOf(target);
        request.Target = BlockInGroup(target);
        request.Block = -1;
        _busy.WasInTheWay = false;
        AllocationGroup group = _groups[request.Group];
        long wanted = request.LengthMin + request.Alignment - 1 + request.AlignmentSlop;
        if (LongestUsable(group) < wanted)
            return false;
        long available = group.FreeBlocks - group.ReservedBlocks - request.LeaveFree;
        if (available < Math.Max(request.Total, wanted))
            return false;
        request.LengthMax = Math.Min(request.LengthMax, available);
        return true;
    }

    /// <summary>Longest run of a group that leaves its reserve untouched (xfs_alloc_longest_free_extent).</summary>
    private long LongestUsable(AllocationGroup group)
    {
        long longest = group.LongestFree;
        long rest = group.FreeBlocks - longest;
        long delta = Math.Max(0, group.ReservedBlocks - rest);
        return longest > delta ? Math.Min(MaxUsableGroupBlocks, longest - delta) : Math.Min(1, longest);
    }

    private bool TryTake(ref AllocationRequest request)
    {
        if (!request.Found)
            return false;
        MutableGroup(request.Group).Take(request.Block, request.Length);
        _freeBlocks -= request.Length;
        LogFreeSpace(request.Group);
        return true;
    }

    /// <summary>Takes one block for metadata of an inode, near it or after its last block.</summary>
    private bool TryTakeMetadataBlock(long target, out long diskBlock)
    {
        AllocationRequest request = new() { LengthMin = 1, LengthMax = 1, Alignment = 1, LeaveFree = 1 };
        bool found = AvailableBlocks > SetAsideBlocks && TryTakeFrom(target, ref request);
        diskBlock = found ? DiskBlock(request.Group, request.Block) : -1;
        return found;
    }

    /// <summary>Gives blocks back to their groups; they stay busy until the log is forced.</summary>
    private void FreeDiskBlocks(long diskBlock, long count)
    {
        while (count > 0)
        {
            int number = GroupOf(diskBlock);
            long start = BlockInGroup(diskBlock);
            long part = Math.Min(count, _geometry.GroupBlocks - start);
            MutableGroup(number).Free(start, part);
            _busy.Add(number, start, part);
            LogFreeSpace(number);
            _freeBlocks += part;
            diskBlock += part;
            count -= part;
        }
    }

    private void FreeMetadataBlock(long diskBlock)
    {
        _log.Cancel(diskBlock);
        FreeDiskBlocks(diskBlock, 1);
    }
}
