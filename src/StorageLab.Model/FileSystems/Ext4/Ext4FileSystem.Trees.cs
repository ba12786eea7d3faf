using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <content>Extent trees, and the checks of it all.</content>
public sealed partial class Ext4FileSystem
{
    /// <summary>Entries in a block of the extent tree: 12 bytes each behind a header of 12 and before a tail of 4.</summary>
    [ModelConstant(ModelPart.Ext4, "entries", "Linux fs/ext4/ext4_extents.h: ext4_ext_space_block")]
    private const int ExtentsPerTreeBlock = (Ext4Geometry.BlockBytes - 12 - 4) / 12;

    /// <summary>Blocks an extent tree of so many extents has; leaves are counted as full.</summary>
    private static int TreeBlockCountFor(int extentCount)
    {
        var total = 0;
        int entries = extentCount;
        while (entries > InlineExtentCount)
        {
            entries = (entries + ExtentsPerTreeBlock - 1) / ExtentsPerTreeBlock;
            total += entries;
        }

        return total;
    }

    /// <summary>Logs the leaf that holds a file block, and lets the tree's size be settled when no delayed extent is counted in it any more.</summary>
    private void TouchTree(InodeId file, long fileBlock)
    {
        int treeBlocks = _inodes[file.Index].TreeBlockCount;
        if (treeBlocks == 0 && InodeAt(file).Extents.Count <= InlineExtentCount)
            return;
        _treesToSettle.Add(file.Index);
        if (treeBlocks == 0)
            return;
        long sizeBlocks = Math.Max(1, InodeAt(file).SizeBytes / Ext4Geometry.BlockBytes);
        long ordinal = Math.Min(treeBlocks - 1, fileBlock * treeBlocks / sizeBlocks);
        if (_inodes[file.Index].Tree.TryFind(ordinal, out Extent leaf))
            Journal.Touch(leaf.DiskBlock + (ordinal - leaf.FileBlock));
    }

    private void SettleTrees()
    {
        foreach (int index in _treesToSettle)
        {
            InodeId file = new(index);
            if (InodeAt(file).Kind == InodeKind.None)
                continue;
            ResizeTree(file, ref _inodes.Mutable(index), TreeBlockCountFor(InodeAt(file).Extents.Count));
        }

        _treesToSettle.Clear();
    }

    private void ResizeTree(InodeId file, ref Ext4Inode extra, int blockCount)
    {
        while (extra.TreeBlockCount > blockCount)
        {
            int last = --extra.TreeBlockCount;
            extra.Tree.TryFind(last, out Extent extent);
            FreeMetadata(extent.DiskBlock + (last - extent.FileBlock));
            extra.Tree.Remove(last, last + 1, Owner);
            MutableInode(file).AllocatedBlocks--;
        }

        while (extra.TreeBlockCount < blockCount && TryAllocateMetadata(GoalOf(file), fromReserve: true, out long block))
        {
            extra.Tree.Insert(new Extent(extra.TreeBlockCount++, block, 1), Owner, LongestExtentBlockCount);
            MutableInode(file).AllocatedBlocks++;
        }
    }

    public override void CheckInvariants()
    {
        base.CheckInvariants();
        HashSet<long> owned = [];
        long inodeCount = Ext4Geometry.ReservedInodeCount;
        for (var index = 1; index < InodeIndexLimit; index++)
        {
            InodeId inode = new(index);
            if (InodeAt(inode).Kind == InodeKind.None)
                continue;
            inodeCount++;
            Require(_inodeBitmaps.IsUsed(InodeAt(inode).DiskNumber), "inode {0} is in use but free in the bitmap", InodeAt(inode).DiskNumber);
            CheckBlocks(inode, owned);
        }

        Require(inodeCount == _geometry.InodeCount - _inodeBitmaps.FreeCount, "{0} inodes are in use, {1} counted", inodeCount, _geometry.InodeCount - _inodeBitmaps.FreeCount);
        long free = 0;
        long taken = 0;
        for (var group = 0; group < _geometry.GroupCount; group++)
        {
            int takenHere = _groups.CountTaken(group);
            Require(takenHere == _geometry.BlockCountOf(group) - _groups.AvailableCountOf(group), "group {0} miscounts {1} taken blocks", group, takenHere);
            taken += takenHere;
            free += _groups.FreeCountOf(group);
        }

        // mke2fs's own: metadata, lost+found, the resize inode's block and the tree of a long journal.
        long formatted = _overheadBlockCount + Ext4Geometry.LostAndFoundBlockCount + 1 + (_journalBlocks.Count > InlineExtentCount ? 1 : 0);
        Require(free == _groups.FreeCount, "groups have {0} free blocks, {1} counted", free, _groups.FreeCount);
        Require(free == _geometry.BlockCount - formatted - owned.Count, "{0} blocks are free, {1} owned", free, owned.Count);
        long waiting = _preallocations?.CountBlocks() ?? 0;
        foreach (FreedRun run in _freed)
            waiting += run.BlockCount;
        Require(taken == formatted + owned.Count + waiting, "{0} blocks are taken, {1} for a reason", taken, formatted + owned.Count + waiting);
    }

    private void CheckBlocks(InodeId inode, HashSet<long> owned)
    {
        ref readonly Inode record = ref InodeAt(inode);
        long held = 0;
        for (long next = 0; record.Extents.TryFindAtOrAfter(next, out Extent extent); next = extent.FileEnd)
        {
            held += extent.BlockCount;
            if (!extent.IsDelayed)
                Own(extent, owned);
        }

        ref readonly Ext4Inode extra = ref _inodes[inode.Index];
        for (long next = 0; extra.Tree.TryFindAtOrAfter(next, out Extent extent); next = extent.FileEnd)
        {
            held += extent.BlockCount;
            Own(extent, owned);
        }

        if (extra.AttributeBlock != 0)
        {
            held++;
            Own(new Extent(0, extra.AttributeBlock, 1), owned);
        }

        Require(held == record.AllocatedBlocks, "an inode holds {0} blocks, {1} counted", held, record.AllocatedBlocks);
    }

    private static void Own(in Extent extent, HashSet<long> owned)
    {
        for (long block = extent.DiskBlock; block < extent.DiskBlock + extent.BlockCount; block++)
            Require(owned.Add(block), "block {0} has two owners", block);
    }
}
