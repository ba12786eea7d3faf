using StorageLab.Model.Images;

namespace StorageLab.Model.FileSystems;

/// <content>Names: create, link, unlink, rename.</content>
public abstract partial class FileSystem
{
    public bool TryLookup(InodeId directory, NameId name, out InodeId inode) => _names.TryLookup(directory, name, out inode);

    public IEnumerable<DirectoryEntry> List(InodeId directory) => _names.List(directory);

    public FsStatus Create(InodeId directory, NameId name, InodeKind kind, out InodeId inode) =>
        CreateInode(directory, name, kind, 0, out inode);

    public FsStatus CreateSymlink(InodeId directory, NameId name, LinkTarget target, out InodeId inode)
    {
        FsStatus status = CreateInode(directory, name, InodeKind.Symlink, target.LengthBytes, out inode);
        if (status == FsStatus.Ok)
            MutableInode(inode).TargetId = target.Id;
        return status;
    }

    public LinkTarget ReadLink(InodeId inode)
    {
        ref readonly Inode record = ref InodeAt(inode);
        return record.Kind == InodeKind.Symlink
            ? new LinkTarget(record.TargetId, (int)record.SizeBytes)
            : throw new ArgumentException("the inode is no symbolic link", nameof(inode));
    }

    public FsStatus Link(InodeId directory, NameId name, InodeId inode)
    {
        FsStatus status = CheckNewName(directory, name);
        if (status == FsStatus.Ok && InodeAt(inode).Kind == InodeKind.Directory)
            status = FsStatus.IsDirectory;
        if (status == FsStatus.Ok)
            status = Enter(directory, name, inode);
        if (status != FsStatus.Ok)
            return status;
        MutableInode(inode).LinkCount++;
        LogInode(inode);
        return FsStatus.Ok;
    }

    public FsStatus Unlink(InodeId directory, NameId name)
    {
        if (Fault != FsStatus.Ok)
            return Fault;
        int entry = _names.Find(directory, name);
        return entry == NameTree.NoEntry ? FsStatus.NotFound : Unlink(directory, name, entry);
    }

    public FsStatus RemoveTree(InodeId directory, NameId name)
    {
        int entry = _names.Find(directory, name);
        return entry == NameTree.NoEntry ? FsStatus.NotFound : RemoveTree(directory, name, entry);
    }

    public FsStatus Rename(InodeId directory, NameId name, InodeId newDirectory, NameId newName)
    {
        if (Fault != FsStatus.Ok)
            return Fault;
        int entry = _names.Find(directory, name);
        if (entry == NameTree.NoEntry)
            return FsStatus.NotFound;
        InodeId inode = _names.InodeOf(entry);
        if (InodeAt(newDirectory).Kind != InodeKind.Directory)
            return FsStatus.NotDirectory;
        int replaced = _names.Find(newDirectory, newName);
        InodeId target = _names.InodeOf(replaced);
        if (target == inode)
            return FsStatus.Ok;
        FsStatus status = replaced != NameTree.NoEntry ? CheckReplaceable(inode, target) : Enter(newDirectory, newName, inode);
        if (status != FsStatus.Ok)
            return status;
        if (replaced != NameTree.NoEntry)
        {
            _names.Repoint(replaced, inode);
            RewriteName(newDirectory, newName, _names.PositionOf(replaced));
            DropLink(newDirectory, target);
        }

        Leave(directory, name, entry);
        if (InodeAt(inode).Kind == InodeKind.Directory && directory != newDirectory)
        {
            MutableInode(directory).LinkCount--;
            MutableInode(newDirectory).LinkCount++;
            LogInode(directory);
            LogInode(newDirectory);
        }

        LogInode(inode);
        return FsStatus.Ok;
    }

    public FsStatus SetAttributes(InodeId inode)
    {
        if (Fault == FsStatus.Ok)
            LogInode(inode);
        return Fault;
    }

    public ExtendedAttributes GetExtendedAttributes(InodeId inode) => InodeAt(inode).Attributes;

    public FsStatus SetExtendedAttributes(InodeId inode, ExtendedAttributes attributes)
    {
        if (Fault != FsStatus.Ok)
            return Fault;
        ExtendedAttributes added = attributes & ~InodeAt(inode).Attributes;
        FsStatus status = added == ExtendedAttributes.None ? FsStatus.Ok : StoreExtendedAttributes(inode, added);
        if (status != FsStatus.Ok)
            return status;
        MutableInode(inode).Attributes |= attributes;
        LogInode(inode);
        return FsStatus.Ok;
    }

    private FsStatus CreateInode(InodeId directory, NameId name, InodeKind kind, int symlinkLengthBytes, out InodeId inode)
    {
        inode = default;
        FsStatus status = CheckNewName(directory, name);
        if (status != FsStatus.Ok)
            return status;
        PassTime();
        InodeId created = NewInode(kind);
        MutableInode(created).SizeBytes = symlinkLengthBytes;
        status = PlaceInode(directory, created, symlinkLengthBytes);
        if (status != FsStatus.Ok)
        {
            ForgetInode(created);
            return status;
        }

        status = Enter(directory, name, created);
        if (status != FsStatus.Ok)
        {
            FreeAllBlocks(created);
            ReleaseInode(created);
            ForgetInode(created);
            return status;
        }

        if (kind == InodeKind.Directory)
            MutableInode(directory).LinkCount++;
        inode = created;
        return FsStatus.Ok;
    }

    private FsStatus CheckNewName(InodeId directory, NameId name)
    {
        if (Fault != FsStatus.Ok)
            return Fault;
        if (!IsMounted)
            throw new InvalidOperationException("the file system is not mounted");
        if (InodeAt(directory).Kind != InodeKind.Directory)
            return FsStatus.NotDirectory;
        return _names.TryLookup(directory, name, out _) ? FsStatus.Exists : FsStatus.Ok;
    }

    private FsStatus CheckReplaceable(InodeId inode, InodeId target)
    {
        bool isDirectory = InodeAt(inode).Kind == InodeKind.Directory;
        if (InodeAt(target).Kind != InodeKind.Directory)
            return isDirectory ? FsStatus.NotDirectory : FsStatus.Ok;
        if (!isDirectory)
            return FsStatus.IsDirectory;
        return _names.CountIn(target) > 0 ? FsStatus.NotEmpty : FsStatus.Ok;
    }

    private FsStatus Enter(InodeId directory, NameId name, InodeId inode)
    {
        FsStatus status = AddName(directory, name, inode, out int position);
        if (status == FsStatus.Ok)
            _names.Add(directory, name, inode, position);
        return status;
    }

    private FsStatus RemoveTree(InodeId directory, NameId name, int entry)
    {
        InodeId inode = _names.InodeOf(entry);
        if (InodeAt(inode).Kind == InodeKind.Directory)
        {
            while (_names.FirstIn(inode) is var child and not NameTree.NoEntry)
            {
                FsStatus status = RemoveTree(inode, _names.NameOf(child), child);
                if (status != FsStatus.Ok)
                    return status;
            }
        }

        return Fault == FsStatus.Ok ? Unlink(directory, name, entry) : Fault;
    }

    private FsStatus Unlink(InodeId directory, NameId name, int entry)
    {
        InodeId inode = _names.InodeOf(entry);
        if (InodeAt(inode).Kind == InodeKind.Directory && _names.CountIn(inode) > 0)
            return FsStatus.NotEmpty;
        Leave(directory, name, entry);
        DropLink(directory, inode);
        return FsStatus.Ok;
    }

    private void Leave(InodeId directory, NameId name, int entry)
    {
        RemoveName(directory, name, _names.PositionOf(entry));
        _names.Remove(entry);
    }

    private void DropLink(InodeId directory, InodeId inode)
    {
        ref Inode record = ref MutableInode(inode);
        if (record.Kind == InodeKind.Directory)
        {
            record.LinkCount = 0;
            MutableInode(directory).LinkCount--;
            LogInode(directory);
        }
        else
            record.LinkCount--;

        LogInode(inode);
        if (record.LinkCount > 0)
            return;
        FreeAllBlocks(inode);
        ReleaseInode(inode);
        ForgetInode(inode);
    }

    private void CheckNamespace()
    {
        int[] linkCounts = new int[_inodes.Length];
        for (var index = 1; index < _inodes.Length; index++)
        {
            if (_inodes[index].Kind != InodeKind.Directory)
                continue;
            linkCounts[index] += 2;
            foreach (DirectoryEntry entry in _names.List(new InodeId(index)))
            {
                InodeKind kind = InodeAt(entry.Inode).Kind;
                Require(kind != InodeKind.None, "directory {0} names the free inode {1}", index, entry.Inode.Index);
                linkCounts[kind == InodeKind.Directory ? index : entry.Inode.Index]++;
            }
        }

        for (var index = 1; index < _inodes.Length; index++)
            Require(linkCounts[index] == _inodes[index].LinkCount, "inode {0} has {1} names too few or many", index, linkCounts[index] - _inodes[index].LinkCount);
    }

    /// <summary>Fails an invariant check with a message that names what is wrong.</summary>
    private protected static void Require(bool holds, string message, long first = 0, long second = 0)
    {
        if (!holds)
            throw new InvalidOperationException(string.Format(System.Globalization.CultureInfo.InvariantCulture, message, first, second));
    }
}
