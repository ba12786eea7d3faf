using System.Numerics;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <content>The check of the whole state, for tests.</content>
public sealed partial class XfsFileSystem
{
    /// <summary>Inodes mkfs makes that have no name: the realtime bitmap and summary.</summary>
    [ModelConstant(ModelPart.Xfs, "inodes", "xfsprogs mkfs/proto.c: rtinit")]
    private const int NamelessInodeCount = 2;

    /// <inheritdoc/>
    public override void CheckInvariants()
    {
        base.CheckInvariants();
        int[] owners = new int[checked((int)_geometry.TotalBlocks)];
        long delayed = CountFileBlocks(owners);
        Require(delayed == _delayedBlocks, "{0} blocks are delayed but {1} are set aside", delayed, _delayedBlocks);
        long free = 0;
        for (var number = 0; number < _groups.Length; number++)
        {
            AllocationGroup group = _groups[number];
            free += group.FreeBlocks + XfsGeometry.FreeListBlocks;
            Claim(owners, DiskBlock(number, 0), _geometry.HeaderBlocks + XfsGeometry.FreeListBlocks);
            CheckFreeSpace(owners, group);
            foreach (InodeChunks.Chunk chunk in group.Chunks.All)
                ForEachPresentRun(chunk, (first, count) => Claim(owners, DiskBlock(number, first / _geometry.InodesPerBlock), count / _geometry.InodesPerBlock));
        }

        Claim(owners, DiskBlock(_geometry.LogGroup, _geometry.LogGroupBlock), _geometry.LogBlocks);
        Require(free == _freeBlocks, "{0} blocks are free in the groups, {1} in the superblock", free, _freeBlocks);
        long further = 0;
        for (var block = 0; block < owners.Length; block++)
        {
            Require(owners[block] == (_shared?.CountOf(block) ?? 1), "block {0} has {1} owners", block, owners[block]);
            further += owners[block] - 1;
        }

        Require(further * BlockBytes == SharedBytes, "{0} blocks have a further owner, {1} bytes are counted", further, SharedBytes);
        CheckInodes();
    }

    /// <summary>Claims what files hold and checks their counters; returns the blocks that are delayed.</summary>
    private long CountFileBlocks(int[] owners)
    {
        long delayed = 0;
        for (var index = 1; index < InodeIndexLimit; index++)
        {
            InodeId inode = new(index);
            if (InodeAt(inode).Kind == InodeKind.None)
                continue;
            ref readonly XfsInode xfs = ref _xfsInodes[index];
            long held = Claim(owners, InodeAt(inode).Extents, ref delayed)
                + Claim(owners, xfs.CopyOnWrite, ref delayed) + Claim(owners, xfs.MapBlocks, ref delayed);
            Require(held == InodeAt(inode).AllocatedBlocks, "inode {0} counts {1} blocks too many or few", index, InodeAt(inode).AllocatedBlocks - held);
        }

        return delayed;
    }

    private static long Claim(int[] owners, in FileExtents extents, ref long delayed)
    {
        long held = 0;
        long previousEnd = 0;
        for (long next = 0; extents.TryFindAtOrAfter(next, out Extent extent); next = extent.FileEnd)
        {
            Require(extent.FileBlock >= previousEnd && extent.BlockCount > 0, "the extent at file block {0} overlaps or is empty", extent.FileBlock);
            previousEnd = extent.FileEnd;
            held += extent.BlockCount;
            if (extent.IsDelayed)
                delayed += extent.BlockCount;
            else
                Claim(owners, extent.DiskBlock, extent.BlockCount);
        }

        return held;
    }

    private static void Claim(int[] owners, long start, long count)
    {
        for (long block = start; block < start + count; block++)
            owners[block]++;
    }

    private void CheckFreeSpace(int[] owners, AllocationGroup group)
    {
        long free = 0;
        long previousEnd = -1;
        for (PackedSet.Cursor cursor = PackedSet.First; group.ByStart.IsValid(cursor); cursor = group.ByStart.Next(cursor))
        {
            long start = PackedSet.High(group.ByStart.KeyAt(cursor));
            long count = PackedSet.Low(group.ByStart.KeyAt(cursor));
            Require(start > previousEnd, "free extents of group {0} touch or overlap at {1}", group.Number, start);
            ulong sizeKey = PackedSet.Pack(count, start);
            PackedSet.Cursor bySize = group.BySize.AtOrAbove(sizeKey);
            Require(group.BySize.IsValid(bySize) && group.BySize.KeyAt(bySize) == sizeKey, "group {0} lacks {1} in its tree by size", group.Number, start);
            Claim(owners, DiskBlock(group.Number, start), count);
            previousEnd = start + count;
            free += count;
        }

        Require(group.ByStart.Count == group.BySize.Count, "the free-space trees of group {0} differ by {1} records", group.Number, group.ByStart.Count - group.BySize.Count);
        Require(free == group.FreeBlocks, "group {0} counts {1} free blocks too many or few", group.Number, group.FreeBlocks - free);
    }

    private void CheckInodes()
    {
        HashSet<long> numbers = [];
        for (var index = 1; index < InodeIndexLimit; index++)
        {
            if (InodeAt(new InodeId(index)).Kind != InodeKind.None)
                Require(numbers.Add(InodeAt(new InodeId(index)).DiskNumber), "inode {0} shares its number", index);
        }

        long used = 0;
        foreach (AllocationGroup group in _groups)
        {
            long free = 0;
            foreach (InodeChunks.Chunk chunk in group.Chunks.All)
            {
                free += BitOperations.PopCount(chunk.Free);
                used += BitOperations.PopCount(chunk.Present & ~chunk.Free);
                Require((chunk.Free & ~chunk.Present) == 0, "group {0} has a free inode without blocks near {1}", group.Number, chunk.First);
            }

            Require(free == group.Chunks.FreeCount, "group {0} counts {1} free inodes too many or few", group.Number, group.Chunks.FreeCount - free);
        }

        Require(used == numbers.Count + NamelessInodeCount, "{0} inodes are in use but {1} have names", used, numbers.Count + NamelessInodeCount);
    }
}
