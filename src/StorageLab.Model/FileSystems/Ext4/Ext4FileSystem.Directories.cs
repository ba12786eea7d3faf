using StorageLab.Model.Constants;
using StorageLab.Model.Images;

namespace StorageLab.Model.FileSystems.Ext4;

/// <content>Directory blocks.</content>
public sealed partial class Ext4FileSystem
{
    /// <summary>Entries "." and "..".</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "Linux fs/ext4/ext4.h: struct ext4_dir_entry_2, two of 12")]
    private const int DotEntriesBytes = 24;

    /// <summary>Entry of lost+found.</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "Linux fs/ext4/ext4.h: struct ext4_dir_entry_2, 10 bytes of name")]
    private const int LostAndFoundEntryBytes = 20;

    /// <summary>Room for entries in a block: all but the checksum's tail.</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "Linux fs/ext4/ext4.h: struct ext4_dir_entry_tail")]
    private const int DirectoryBlockBytes = Ext4Geometry.BlockBytes - 12;

    /// <summary>Entries of 8 bytes in a block of the hash tree below its root, behind a fake entry of 8, a count of 8 and before a tail of
    /// 8.</summary>
    [ModelConstant(ModelPart.Ext4, "entries", "Linux fs/ext4/namei.c: struct dx_node and dx_tail")]
    private const int HashTreeEntriesPerBlock = (Ext4Geometry.BlockBytes - 8 - 8) / 8;

    /// <summary>Entries in the root of the hash tree, behind the two dots' 24 bytes and 8 of dx_root_info.</summary>
    [ModelConstant(ModelPart.Ext4, "entries", "Linux fs/ext4/namei.c: struct dx_root")]
    private const int HashTreeEntriesInRoot = (Ext4Geometry.BlockBytes - DotEntriesBytes - 8 - 8) / 8;

    private protected override FsStatus AddName(InodeId directory, NameId name, InodeId inode, out int position)
    {
        ref Ext4Inode extra = ref _inodes.Mutable(directory.Index);
        position = HashOf(InodeAt(directory).DiskNumber, extra.EntryOrdinal);
        int bytes = EntryBytesOf(name);
        if (extra.Index is null && extra.DirectoryBytes + bytes > DirectoryBlockBytes && !TryMakeIndexed(directory))
            return FsStatus.NoSpace;
        if (extra.Index is null)
        {
            extra.DirectoryBytes += bytes;
            TouchDirectory(directory, 0);
        }
        else if (!TryAddToLeaf(directory, position, bytes))
            return FsStatus.NoSpace;

        extra.EntryOrdinal = unchecked(extra.EntryOrdinal + 1);
        return FsStatus.Ok;
    }

    private protected override void RemoveName(InodeId directory, NameId name, int position)
    {
        ref Ext4Inode extra = ref _inodes.Mutable(directory.Index);
        int bytes = EntryBytesOf(name);
        if (extra.Index is null)
        {
            extra.DirectoryBytes -= bytes;
            TouchDirectory(directory, 0);
            return;
        }

        DirectoryIndex index = OwnIndex(ref extra);
        int leaf = index.LeafOf(position);
        index.AddBytes(leaf, -bytes);
        TouchDirectory(directory, index.BlockOf(leaf));
    }

    private protected override void RewriteName(InodeId directory, NameId name, int position)
    {
        DirectoryIndex? index = _inodes[directory.Index].Index;
        TouchDirectory(directory, index?.BlockOf(index.LeafOf(position)) ?? 0);
    }

    /// <summary>struct ext4_dir_entry_2: 8 bytes and the name, rounded to 4.</summary>
    private static int EntryBytesOf(NameId name) => 8 + ((name.LengthBytes + 3) & ~3);

    /// <summary>Stands for the kernel's keyed hash of the name, whose key mkfs draws at random: as evenly spread, but the same in every run.</summary>
    private static int HashOf(long directoryNumber, int ordinal)
    {
        unchecked
        {
            ulong mixed = ((ulong)directoryNumber << 32) + (uint)ordinal + 0x9E3779B97F4A7C15UL;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return (int)((mixed ^ (mixed >> 31)) >> 33);
        }
    }

    private DirectoryIndex OwnIndex(ref Ext4Inode extra)
    {
        DirectoryIndex index = extra.Index!;
        if (index.Owner != Owner)
            extra.Index = index = index.CopyFor(Owner);
        return index;
    }

    /// <summary>make_indexed_dir: the only block becomes the tree's root, its entries move to a new one, which is then split.</summary>
    private bool TryMakeIndexed(InodeId directory)
    {
        if (!TryAppendBlock(directory))
            return false;
        ref Ext4Inode extra = ref _inodes.Mutable(directory.Index);
        extra.Index = new DirectoryIndex(Owner, extra.DirectoryBytes - DotEntriesBytes, 1);
        if (directory == Root)
            extra.Index.AddBytes(0, -LostAndFoundEntryBytes);
        extra.DirectoryBytes = 0;
        TouchDirectory(directory, 0);
        TouchDirectory(directory, 1);
        return true;
    }

    private bool TryAddToLeaf(InodeId directory, int hash, int bytes)
    {
        ref Ext4Inode extra = ref _inodes.Mutable(directory.Index);
        DirectoryIndex index = OwnIndex(ref extra);
        while (index.BytesIn(index.LeafOf(hash)) + bytes > DirectoryBlockBytes)
        {
            if (!TrySplit(directory, index, index.LeafOf(hash)))
                return false;
        }

        int leaf = index.LeafOf(hash);
        index.AddBytes(leaf, bytes);
        TouchDirectory(directory, index.BlockOf(leaf));
        return true;
    }

    /// <summary>do_split: the half of the entries with the higher hashes moves to a new block; index blocks are added as the tree grows.</summary>
    private bool TrySplit(InodeId directory, DirectoryIndex index, int leaf)
    {
        List<(int Hash, int Bytes)> entries = [];
        foreach (DirectoryEntry entry in Names.List(directory))
        {
            int hash = Names.PositionOf(Names.Find(directory, entry.Name));
            if (hash >= index.HashOf(leaf) && hash < index.HashAfter(leaf))
                entries.Add((hash, EntryBytesOf(entry.Name)));
        }

        entries.Sort();
        int movedBytes = 0;
        int first = entries.Count;
        while (first > 1 && (movedBytes < index.BytesIn(leaf) / 2 || entries[first - 1].Hash == entries[first].Hash))
            movedBytes += entries[--first].Bytes;
        int indexBlocks = IndexBlockCountOf(index.LeafCount + 1) - IndexBlockCountOf(index.LeafCount);
        int block = (int)(InodeAt(directory).SizeBytes / Ext4Geometry.BlockBytes);
        for (var added = 0; added <= indexBlocks; added++)
        {
            if (!TryAppendBlock(directory))
                return false;
        }

        index.Split(leaf, entries[first].Hash, movedBytes, block);
        TouchDirectory(directory, 0);
        TouchDirectory(directory, index.BlockOf(leaf));
        TouchDirectory(directory, block);
        return true;
    }

    private static int IndexBlockCountOf(int leafCount) =>
        leafCount <= HashTreeEntriesInRoot ? 0 : (leafCount + HashTreeEntriesPerBlock - 1) / HashTreeEntriesPerBlock;

    /// <summary>Gives a directory, or a symbolic link with a long target, its next block at once.</summary>
    private bool TryAppendBlock(InodeId inode)
    {
        long fileBlock = InodeAt(inode).Kind == InodeKind.Directory ? InodeAt(inode).SizeBytes / Ext4Geometry.BlockBytes : 0;
        long goal = InodeAt(inode).Extents.TryFindBefore(fileBlock, out Extent last) ? last.DiskBlock + last.BlockCount : GoalOf(inode);
        if (!TryAllocateMetadata(goal, fromReserve: false, out long block))
            return false;
        ref Inode record = ref MutableInode(inode);
        record.Extents.Insert(new Extent(fileBlock, block, 1), Owner, LongestExtentBlockCount);
        record.AllocatedBlocks++;
        if (record.Kind == InodeKind.Directory)
            record.SizeBytes += Ext4Geometry.BlockBytes;
        return true;
    }

    private void TouchDirectory(InodeId directory, int fileBlock)
    {
        InodeAt(directory).Extents.TryFind(fileBlock, out Extent extent);
        Journal.Touch(extent.DiskBlock + (fileBlock - extent.FileBlock));
        LogInode(directory);
    }
}
