using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <content>mkfs.ext4.</content>
public sealed partial class Ext4FileSystem
{
    /// <summary>What mke2fs clears at the end of a device, where old RAID superblocks would be.</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "e2fsprogs misc/mke2fs.c: zap_bootblock and main")]
    private const long EndCleared = 64L << 10;

    /// <summary>Extents that fit into the inode.</summary>
    [ModelConstant(ModelPart.Ext4, "extents", "Linux fs/ext4/ext4_extents.h: ext4_ext_space_root")]
    private const int InlineExtentCount = 4;

    /// <summary>mkfs.ext4 on a device: lays everything out and writes it, in mke2fs's order.</summary>
    /// <param name="status">The first error of the device; the result is only usable when this is Ok.</param>
    /// <returns>The file system, not mounted.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The device is smaller than 8 MiB, and so too small for a journal.</exception>
    public static Ext4FileSystem Format(IBlockDevice device, Ext4FormatOptions options, out FsStatus status)
    {
        Ext4Geometry geometry = new(device.LengthBytes, options, device.Limits);
        Ext4FileSystem fileSystem = new(device, geometry, options);
        status = ToFsStatus(fileSystem.WriteFormat());
        return fileSystem;
    }

    private InodeId MakeRoot()
    {
        for (var group = 0; group < _geometry.GroupCount; group++)
        {
            AllocateAtFormat(Ext4Geometry.FirstBlockOf(group), _geometry.BackupBlockCountOf(group));
            AllocateAtFormat(_geometry.BlockBitmapOf(group), 1);
            AllocateAtFormat(_geometry.InodeBitmapOf(group), 1);
            AllocateAtFormat(_geometry.InodeTableOf(group), _geometry.InodeTableBlockCount);
        }

        // mke2fs makes the root directory, lost+found and the resize inode's double indirect block one behind the other, then the journal.
        long next = FirstFreeFrom(0);
        AllocateAtFormat(next, 1);
        AllocateAtFormat(next + 1, Ext4Geometry.LostAndFoundBlockCount + 1);
        PlaceJournal();
        for (var inode = 1; inode <= Ext4Geometry.ReservedInodeCount; inode++)
            _inodeBitmaps.TakeLowest(0, isDirectory: inode == Ext4Geometry.RootInode);
        _inodeBitmaps.TakeLowest(0, isDirectory: true);
        InodeId root = NewInode(InodeKind.Directory);
        ref Inode record = ref MutableInode(root);
        record.DiskNumber = Ext4Geometry.RootInode;
        record.SizeBytes = Ext4Geometry.BlockBytes;
        record.AllocatedBlocks = 1;
        record.Extents.Insert(new Extent(0, next, 1), Owner, LongestExtentBlockCount);
        _inodes.EnsureLength(root.Index + 1);
        _inodes.Mutable(root.Index).DirectoryBytes = DotEntriesBytes + LostAndFoundEntryBytes;
        return root;
    }

    /// <summary>The journal goes to the emptier of the groups in the middle, which with flex groups start at a flex group's first
    /// (mkjournal.c, get_midpoint_journal_block), from its first free block on.</summary>
    private void PlaceJournal()
    {
        var middle = (int)(_geometry.BlockCount / 2 / Ext4Geometry.BlocksPerGroup);
        bool startsFlex = middle > Ext4Geometry.GroupsPerFlex;
        int from = startsFlex ? middle - (middle % Ext4Geometry.GroupsPerFlex) : Math.Max(0, middle - 1);
        int to = Math.Min(_geometry.GroupCount - 1, (startsFlex ? from : middle) + 1);
        int best = from;
        for (int group = from + 1; group <= to; group++)
        {
            if (_groups.FreeCountOf(group) > _groups.FreeCountOf(best))
                best = group;
        }

        long block = Ext4Geometry.FirstBlockOf(best);
        for (long placed = 0; placed < _geometry.JournalBlockCount;)
        {
            block = FirstFreeFrom(block);
            ReadOnlySpan<ulong> bitmap = _groups.BitmapOf(Ext4Geometry.GroupOf(block));
            var start = (int)(block % Ext4Geometry.BlocksPerGroup);
            long count = Math.Min(BlockGroups.NextTaken(bitmap, start) - start, _geometry.JournalBlockCount - placed);
            AllocateAtFormat(block, (int)count);
            _journalBlocks.Insert(new Extent(placed, block, count), Owner, LongestExtentBlockCount);
            placed += count;
            block += count;
        }

        if (_journalBlocks.Count > InlineExtentCount && _journalBlocks.TryFind(0, out Extent first))
            AllocateAtFormat(FirstFreeFrom(first.DiskBlock), 1);
    }

    private void AllocateAtFormat(long block, int blockCount)
    {
        while (blockCount > 0)
        {
            var count = (int)Math.Min(blockCount, Ext4Geometry.BlocksPerGroup - (block % Ext4Geometry.BlocksPerGroup));
            _groups.Take(block, count);
            _groups.CountAllocated(block, count);
            block += count;
            blockCount -= count;
        }
    }

    private long FirstFreeFrom(long block)
    {
        for (int group = Ext4Geometry.GroupOf(block); group < _geometry.GroupCount; group++)
        {
            int from = group == Ext4Geometry.GroupOf(block) ? (int)(block % Ext4Geometry.BlocksPerGroup) : 0;
            int free = BlockGroups.NextAvailable(_groups.BitmapOf(group), from);
            if (free < Ext4Geometry.BlocksPerGroup)
                return Ext4Geometry.FirstBlockOf(group) + free;
        }

        throw new ArgumentOutOfRangeException(nameof(block), block, "the device is too small for the file system's own metadata");
    }

    /// <summary>Writes in the order seen in the mappings of a recorded base device (S2-loop-lvm-dmext4): the device's end, the inode tables and the
    /// journal by BLKZEROOUT at once, the rest from the page cache at the end, by rising block.</summary>
    private IoStatus WriteFormat()
    {
        long end = _geometry.BlockCount * Ext4Geometry.BlockBytes;
        IoStatus status = Device.Write(Math.Max(0, Device.LengthBytes - EndCleared) / Ext4Geometry.BlockBytes * Ext4Geometry.BlockBytes, Math.Min(EndCleared, end));
        for (var group = 0; group < _geometry.GroupCount && status == IoStatus.Ok && !_options.LazyInodeTables; group++)
            status = WriteBlocks(_geometry.InodeTableOf(group), _geometry.InodeTableBlockCount);
        for (long next = 0; status == IoStatus.Ok && _journalBlocks.TryFindAtOrAfter(next, out Extent extent); next = extent.FileEnd)
            status = WriteBlocks(extent.DiskBlock, extent.BlockCount);
        for (var group = 0; group < _geometry.GroupCount && status == IoStatus.Ok; group++)
            status = WriteGroup(group);
        return status == IoStatus.Ok ? Device.Flush() : status;
    }

    /// <summary>Writes what mke2fs leaves in a group: its copy of superblock and descriptors (in group 0 with the reserved ones), the bitmaps that are
    /// not marked as all free, and the first files.</summary>
    private IoStatus WriteGroup(int group)
    {
        IoStatus status = IoStatus.Ok;
        int descriptors = 1 + _geometry.DescriptorBlockCount + (group == 0 ? _geometry.ReservedDescriptorBlockCount : 0);
        if (Ext4Geometry.HasBackup(group))
            status = WriteBlocks(Ext4Geometry.FirstBlockOf(group), descriptors);
        int free = _groups.FreeCountOf(group) + _geometry.BackupBlockCountOf(group);
        bool hasBitmap = free < _geometry.BlockCountOf(group) || group == _geometry.GroupCount - 1;
        if (hasBitmap && status == IoStatus.Ok)
            status = WriteBlocks(_geometry.BlockBitmapOf(group), 1);
        if (group > 0 || status != IoStatus.Ok)
            return status;
        status = WriteBlocks(_geometry.InodeBitmapOf(0), 1);
        if (status == IoStatus.Ok)
            status = WriteBlocks(_geometry.InodeTableOf(0), 1);
        InodeAt(Root).Extents.TryFind(0, out Extent root);
        return status == IoStatus.Ok ? WriteBlocks(root.DiskBlock, 1 + Ext4Geometry.LostAndFoundBlockCount + 1) : status;
    }

    private IoStatus WriteBlocks(long block, long blockCount) =>
        Device.Write(block * Ext4Geometry.BlockBytes, blockCount * Ext4Geometry.BlockBytes);
}
