using StorageLab.Model.Constants;
using StorageLab.Model.Images;

namespace StorageLab.Model.FileSystems.Xfs;

/// <content>Directories: in the inode, in one block, or in data blocks with an index (fs/xfs/libxfs/xfs_dir2*.c).</content>
public sealed partial class XfsFileSystem
{
    /// <summary>Header of a directory that lies in its inode: count, count of large inode numbers and the parent's number.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_da_format.h: xfs_dir2_sf_hdr_size")]
    private const int ShortFormHeaderBytes = 2 + 4;

    /// <summary>Position of names that lie in the inode.</summary>
    private const int InInode = -1;

    /// <summary>First block of a directory's index: 32 GiB into its address space.</summary>
    [ModelConstant(ModelPart.Xfs, "file block", "Linux fs/xfs/libxfs/xfs_da_format.h: XFS_DIR2_LEAF_OFFSET")]
    private const long IndexFileBlock = (32L << 30) / XfsGeometry.BlockBytes;

    /// <summary>Bytes an entry changes beside itself: an index entry and the tail or header with its counts.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_log_format.h: XFS_BLF_CHUNK; assumption: both lie in one chunk")]
    private const int IndexDirtyBytes = 128;

    private protected override FsStatus AddName(InodeId directory, NameId name, InodeId inode, out int position)
    {
        position = InInode;
        int entryBytes = DirectoryBlocks.ShortEntryBytes(name.LengthBytes);
        if (_xfsInodes[directory.Index].Directory is null)
        {
            if (_xfsInodes[directory.Index].ShortFormBytes + entryBytes <= DataForkBytes(directory))
            {
                MutableXfsInode(directory).ShortFormBytes += entryBytes;
                LogInode(directory);
                return FsStatus.Ok;
            }

            if (!TryLeaveInode(directory))
                return FsStatus.NoSpace;
        }

        return AddToBlocks(directory, DirectoryBlocks.EntryBytes(name.LengthBytes), out position);
    }

    private protected override void RemoveName(InodeId directory, NameId name, int position)
    {
        LogInode(directory);
        if (position == InInode)
        {
            MutableXfsInode(directory).ShortFormBytes -= DirectoryBlocks.ShortEntryBytes(name.LengthBytes);
            return;
        }

        DirectoryBlocks blocks = OwnDirectory(directory);
        LogDirectoryBlock(directory, position, DirectoryBlocks.EntryBytes(name.LengthBytes));
        if (blocks.RemoveEntry(position, DirectoryBlocks.EntryBytes(name.LengthBytes)))
        {
            blocks.DropDataBlock(position);
            FreeDirectoryBlock(directory, position);
        }

        if (blocks.IndexBlockCount > 0 && blocks.FitsOneBlock(0))
            FitIndex(directory, blocks, 0);
        if (blocks.IndexBlockCount == 0)
            ReturnToInode(directory, name);
    }

    private protected override void RewriteName(InodeId directory, NameId name, int position)
    {
        if (position != InInode)
            LogDirectoryBlock(directory, position, DirectoryBlocks.EntryBytes(name.LengthBytes));
        LogInode(directory);
    }

    private int DataForkBytes(InodeId inode) => _geometry.LiteralBytes - _xfsInodes[inode.Index].AttributeForkBytes;

    private DirectoryBlocks OwnDirectory(InodeId directory)
    {
        ref XfsInode xfs = ref MutableXfsInode(directory);
        if (xfs.Directory!.Owner != Owner)
            xfs.Directory = xfs.Directory.CopyFor(Owner);
        return xfs.Directory;
    }

    private FsStatus AddToBlocks(InodeId directory, int entryBytes, out int position)
    {
        DirectoryBlocks blocks = OwnDirectory(directory);
        position = blocks.FindRoom(entryBytes);
        if (position < 0)
        {
            position = blocks.NextDataBlock();
            if (blocks.IndexBlockCount == 0 && !TryLeaveOneBlock(directory, blocks, entryBytes, ref position))
                return FsStatus.NoSpace;
            if (position >= blocks.DataBlockCount || !InodeAt(directory).Extents.TryFind(position, out _))
            {
                if (!TryAddDirectoryBlock(directory, position))
                    return FsStatus.NoSpace;
                blocks.AddDataBlock(position);
            }
        }

        blocks.AddEntry(position, entryBytes);
        LogDirectoryBlock(directory, position, entryBytes);
        if (blocks.IndexBlockCount > 0)
        {
            FitIndex(directory, blocks, Math.Max(blocks.IndexBlockCount, blocks.NeededIndexBlocks()));
            LogDirectoryBlock(directory, IndexFileBlock + Math.Max(0, blocks.IndexBlockCount - 2), IndexDirtyBytes);
        }

        LogInode(directory);
        return FsStatus.Ok;
    }

    /// <summary>A full single block gets a leaf block beside it; what the index took in it is room for names then (xfs_dir2_block_to_leaf).</summary>
    private bool TryLeaveOneBlock(InodeId directory, DirectoryBlocks blocks, int entryBytes, ref int position)
    {
        if (!TryAddDirectoryBlock(directory, IndexFileBlock))
            return false;
        blocks.IndexBlockCount = 1;
        int room = blocks.FindRoom(entryBytes);
        if (room >= 0)
            position = room;
        return true;
    }

    /// <summary>Moves all names from the inode into a first block (xfs_dir2_sf_to_block).</summary>
    private bool TryLeaveInode(InodeId directory)
    {
        if (!TryAddDirectoryBlock(directory, 0))
            return false;
        DirectoryBlocks blocks = new(Owner);
        blocks.AddDataBlock(0);
        ref XfsInode xfs = ref MutableXfsInode(directory);
        xfs.Directory = blocks;
        xfs.ShortFormBytes = 0;
        foreach (DirectoryEntry entry in Names.List(directory))
        {
            blocks.AddEntry(0, DirectoryBlocks.EntryBytes(entry.Name.LengthBytes));
            Names.Move(directory, entry.Name, 0);
        }

        LogDirectoryBlock(directory, 0, blocks.UsedBytes);
        return true;
    }

    /// <summary>Moves the names of a single block back into the inode once they fit (xfs_dir2_block_to_sf).</summary>
    private void ReturnToInode(InodeId directory, NameId removed)
    {
        int bytes = ShortFormHeaderBytes;
        foreach (DirectoryEntry entry in Names.List(directory))
        {
            if (entry.Name != removed)
                bytes += DirectoryBlocks.ShortEntryBytes(entry.Name.LengthBytes);
            if (bytes > DataForkBytes(directory))
                return;
        }

        FreeDirectoryBlock(directory, 0);
        ref XfsInode xfs = ref MutableXfsInode(directory);
        xfs.Directory = null;
        xfs.ShortFormBytes = bytes;
        foreach (DirectoryEntry entry in Names.List(directory))
            Names.Move(directory, entry.Name, InInode);
    }

    private void FitIndex(InodeId directory, DirectoryBlocks blocks, int count)
    {
        while (blocks.IndexBlockCount < count && TryAddDirectoryBlock(directory, IndexFileBlock + blocks.IndexBlockCount))
            blocks.IndexBlockCount++;
        while (blocks.IndexBlockCount > count)
            FreeDirectoryBlock(directory, IndexFileBlock + --blocks.IndexBlockCount);
    }

    private bool TryAddDirectoryBlock(InodeId directory, long fileBlock)
    {
        if (!TryAddMetadataExtent(directory, fileBlock, out long diskBlock))
            return false;
        ref Inode record = ref MutableInode(directory);
        if (fileBlock < IndexFileBlock)
            record.SizeBytes += BlockBytes;
        _log.AddBuffer(diskBlock, IndexDirtyBytes);
        return true;
    }

    private void FreeDirectoryBlock(InodeId directory, long fileBlock)
    {
        if (fileBlock < IndexFileBlock)
            MutableInode(directory).SizeBytes -= BlockBytes;
        FreeRange(directory, fileBlock, fileBlock + 1);
    }

    private void LogDirectoryBlock(InodeId directory, long fileBlock, int dirtyBytes)
    {
        if (InodeAt(directory).Extents.TryFind(fileBlock, out Extent extent))
            _log.AddBuffer(extent.Slice(fileBlock, fileBlock + 1).DiskBlock, dirtyBytes);
    }

    /// <summary>Puts one block of metadata into an inode: after the block before it, or near the inode (xfs_da_grow_inode_int).</summary>
    private bool TryAddMetadataExtent(InodeId inode, long fileBlock, out long diskBlock)
    {
        long target = TargetFor(InodeAt(inode).Extents, new Extent(fileBlock, Extent.Delayed, 1), BlockOfInode(inode));
        if (!TryTakeMetadataBlock(target, out diskBlock))
            return false;
        ref Inode record = ref MutableInode(inode);
        record.Extents.Insert(new Extent(fileBlock, diskBlock, 1), Owner, ExtentBlocksMax);
        record.AllocatedBlocks++;
        return true;
    }
}
