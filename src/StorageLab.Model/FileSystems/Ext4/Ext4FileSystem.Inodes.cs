using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <content>Which group an inode goes to, and its life.</content>
public sealed partial class Ext4FileSystem
{
    /// <summary>Shortest target that does not fit into the inode's 60 bytes of i_block with its terminator.</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "Linux fs/ext4/namei.c: ext4_init_symlink_block")]
    private const int SymlinkBlockLengthBytes = 60;

    /// <summary>Room for extended attributes behind a 256-byte inode's fields: 256 - 128 - 32 of extra fields, less header and end mark of
    /// 4 bytes each.</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "Linux fs/ext4/xattr.c: ext4_xattr_ibody_set")]
    private const int InodeAttributeBytes = 256 - 128 - 32 - 4 - 4;

    /// <summary>trusted.overlay.opaque = "y": entry of 16 bytes, name of 14 and value of 1, each rounded to 4.</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "Linux fs/ext4/xattr.h: struct ext4_xattr_entry")]
    private const int OpaqueAttributeBytes = 16 + 16 + 4;

    /// <summary>trusted.overlay.origin: entry of 16 bytes, name of 14, file handle of 29 (21 of struct ovl_fb and 8 of ext4's), each
    /// rounded to 4.</summary>
    [ModelConstant(ModelPart.Ext4, "bytes", "Linux fs/ext4/xattr.h: struct ext4_xattr_entry; fs/overlayfs/overlayfs.h: struct ovl_fb")]
    private const int OriginAttributeBytes = 16 + 16 + 32;

    /// <summary>A flex group may hold this part of its inodes in directories more than the average one.</summary>
    [ModelConstant(ModelPart.Ext4, "part of the inodes", "Linux fs/ext4/ialloc.c: find_group_orlov, max_dirs")]
    private const int DirectorySlackDivisor = 16;

    /// <summary>A flex group may have this part of its inodes and blocks fewer free than the average one.</summary>
    [ModelConstant(ModelPart.Ext4, "part of the group", "Linux fs/ext4/ialloc.c: find_group_orlov, min_inodes and min_clusters")]
    private const int FreeSlackDivisor = 4;

    private protected override FsStatus PlaceInode(InodeId parent, InodeId inode, int symlinkLengthBytes)
    {
        CommitIfFull();
        InodeKind kind = InodeAt(inode).Kind;
        bool isDirectory = kind == InodeKind.Directory;
        int group = isDirectory ? GroupForDirectory(parent) : GroupForFile(parent);
        if (group < 0)
            return FsStatus.NoSpace;
        long number = _inodeBitmaps.TakeLowest(group, isDirectory);
        MutableInode(inode).DiskNumber = number;
        _inodes.EnsureLength(inode.Index + 1);
        _inodes.Mutable(inode.Index) = default;
        bool needsBlock = isDirectory || symlinkLengthBytes >= SymlinkBlockLengthBytes;
        if (needsBlock && !TryAppendBlock(inode))
        {
            _inodeBitmaps.Free(number, isDirectory);
            return FsStatus.NoSpace;
        }

        if (isDirectory)
            _inodes.Mutable(inode.Index).DirectoryBytes = DotEntriesBytes;
        TouchInodeNumber(number);
        if (kind == InodeKind.File)
            NoteMountPoint();
        return FsStatus.Ok;
    }

    private protected override void ReleaseInode(InodeId inode)
    {
        long number = InodeAt(inode).DiskNumber;
        ref Ext4Inode extra = ref _inodes.Mutable(inode.Index);
        ResizeTree(inode, ref extra, 0);
        if (extra.AttributeBlock != 0)
            FreeMetadata(extra.AttributeBlock);
        Preallocations.Discard(inode.Index);
        extra = default;
        _inodeBitmaps.Free(number, InodeAt(inode).Kind == InodeKind.Directory);
        TouchInodeNumber(number);
        // The inode passes through the orphan list, whose head is in the superblock (fs/ext4/namei.c, ext4_orphan_add).
        Journal.Touch(0);
    }

    private protected override FsStatus StoreExtendedAttributes(InodeId inode, ExtendedAttributes added)
    {
        int bytes = (added.HasFlag(ExtendedAttributes.OverlayOpaque) ? OpaqueAttributeBytes : 0)
            + (added.HasFlag(ExtendedAttributes.OverlayOrigin) ? OriginAttributeBytes : 0);
        ref Ext4Inode extra = ref _inodes.Mutable(inode.Index);
        if (extra.AttributeBytes + bytes <= InodeAttributeBytes)
            extra.AttributeBytes += (byte)bytes;
        else if (extra.AttributeBlock == 0)
        {
            if (!TryAllocateMetadata(GoalOf(inode), fromReserve: false, out long block))
                return FsStatus.NoSpace;
            extra.AttributeBlock = block;
            MutableInode(inode).AllocatedBlocks++;
        }

        if (extra.AttributeBlock != 0)
            Journal.Touch(extra.AttributeBlock);
        return FsStatus.Ok;
    }

    /// <summary>fs/ext4/ialloc.c, find_group_other: the parent's flex group, else the one its last child overflowed to, else the next with a free inode.</summary>
    private int GroupForFile(InodeId parent)
    {
        int parentGroup = _geometry.GroupOfInode(InodeAt(parent).DiskNumber);
        int group = FirstFreeInFlex(parentGroup / Ext4Geometry.GroupsPerFlex);
        if (group >= 0)
            return group;
        int overflow = _inodes[parent.Index].OverflowGroup;
        int from = (overflow > 0 ? overflow - 1 : parentGroup + Ext4Geometry.GroupsPerFlex) / Ext4Geometry.GroupsPerFlex;
        group = FirstFreeFromFlex(from);
        if (group >= 0)
            _inodes.Mutable(parent.Index).OverflowGroup = group + 1;
        return group;
    }

    /// <summary>fs/ext4/ialloc.c, find_group_orlov: directories of the root are spread over the flex groups, others stay with their parent
    /// unless its flex group is fuller than its share.</summary>
    private int GroupForDirectory(InodeId parent)
    {
        if (parent == Root)
        {
            int spread = GroupForTopDirectory();
            if (spread >= 0)
                return spread;
        }

        int flexCount = FlexCount;
        long directoriesMax = (_inodeBitmaps.DirectoryCount / flexCount) + ((long)_geometry.InodesPerGroup * Ext4Geometry.GroupsPerFlex / DirectorySlackDivisor);
        long inodesMin = Math.Max(1, (_inodeBitmaps.FreeCount / flexCount) - ((long)_geometry.InodesPerGroup * Ext4Geometry.GroupsPerFlex / FreeSlackDivisor));
        long blocksMin = (_groups.FreeCount / flexCount) - ((long)Ext4Geometry.BlocksPerGroup * Ext4Geometry.GroupsPerFlex / FreeSlackDivisor);
        int from = _geometry.GroupOfInode(InodeAt(parent).DiskNumber) / Ext4Geometry.GroupsPerFlex;
        for (var i = 0; i < flexCount; i++)
        {
            int flex = (from + i) % flexCount;
            FlexCounts counts = CountsOf(flex);
            if (counts.Directories < directoriesMax && counts.FreeInodes >= inodesMin && counts.FreeBlocks >= blocksMin)
                return FirstFreeInFlex(flex);
        }

        return FirstFreeFromFlex(from);
    }

    /// <summary>The flex group with the fewest directories among those with at least the average of inodes and blocks free, from a place on that
    /// the kernel draws from the name's hash and mkfs's random seed, and the model from the number of names so far.</summary>
    private int GroupForTopDirectory()
    {
        int flexCount = FlexCount;
        long averageInodes = _inodeBitmaps.FreeCount / flexCount;
        long averageBlocks = _groups.FreeCount / flexCount;
        int from = HashOf(InodeAt(Root).DiskNumber, _inodes[Root.Index].EntryOrdinal) % flexCount;
        int best = -1;
        long fewest = _geometry.InodesPerGroup;
        for (var i = 0; i < flexCount; i++)
        {
            int flex = (from + i) % flexCount;
            FlexCounts counts = CountsOf(flex);
            if (counts.FreeInodes == 0 || counts.Directories >= fewest
                || counts.FreeInodes < averageInodes || counts.FreeBlocks < averageBlocks)
                continue;
            best = flex;
            fewest = counts.Directories;
        }

        return best < 0 ? -1 : FirstFreeInFlex(best);
    }

    private int FlexCount => (_geometry.GroupCount + Ext4Geometry.GroupsPerFlex - 1) / Ext4Geometry.GroupsPerFlex;

    private int FirstFreeInFlex(int flex)
    {
        int first = flex * Ext4Geometry.GroupsPerFlex;
        int end = Math.Min(first + Ext4Geometry.GroupsPerFlex, _geometry.GroupCount);
        for (int group = first; group < end; group++)
        {
            if (_inodeBitmaps.FreeCountOf(group) > 0)
                return group;
        }

        return -1;
    }

    private int FirstFreeFromFlex(int flex)
    {
        int flexCount = FlexCount;
        for (var i = 0; i < flexCount; i++)
        {
            int group = FirstFreeInFlex((flex + i) % flexCount);
            if (group >= 0)
                return group;
        }

        return -1;
    }

    private FlexCounts CountsOf(int flex)
    {
        FlexCounts counts = default;
        int first = flex * Ext4Geometry.GroupsPerFlex;
        int end = Math.Min(first + Ext4Geometry.GroupsPerFlex, _geometry.GroupCount);
        for (int group = first; group < end; group++)
        {
            counts.FreeInodes += _inodeBitmaps.FreeCountOf(group);
            counts.FreeBlocks += _groups.FreeCountOf(group);
            counts.Directories += _inodeBitmaps.DirectoryCountOf(group);
        }

        return counts;
    }

    private void TouchInodeNumber(long number)
    {
        int group = _geometry.GroupOfInode(number);
        Journal.Touch(_geometry.InodeBitmapOf(group));
        Journal.Touch(Ext4Geometry.DescriptorOf(group));
        Journal.Touch(_geometry.TableBlockOf(number));
    }

    /// <summary>The first file opened after a mount lets the mount point's path be noted in the superblock (fs/ext4/file.c, ext4_sample_last_mounted).</summary>
    private void NoteMountPoint()
    {
        if (_hasNotedMountPoint)
            return;
        _hasNotedMountPoint = true;
        Journal.Touch(0);
    }

    private void CommitIfFull()
    {
        if (Journal.IsTransactionFull)
            CommitTransaction();
    }

    private struct FlexCounts
    {
        public long FreeInodes;
        public long FreeBlocks;
        public long Directories;
    }
}
