using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>Does the same operations to a file system and to the oracle, and compares after each.</summary>
internal sealed class FileSystemWalk(IFileSystem fileSystem, NameId[] names)
{
    private readonly NameId[] _names = names;
    private IFileSystem _fileSystem = fileSystem;
    private NaiveInode _oracle = new(InodeKind.Directory);

    /// <param name="kind">Which operation.</param>
    /// <param name="first">Chooses names: a top-level one and, by its parity with <paramref name="second"/>, one below it.</param>
    /// <param name="second">Chooses the other names.</param>
    /// <param name="amount">Offset, length or size in bytes.</param>
    public void Do(int kind, int first, int second, long amount)
    {
        (InodeId directory, NaiveInode node) = DirectoryFor(first, second);
        NameId name = _names[second];
        Assert.Equal(_oracle.Kind, _fileSystem.Stat(_fileSystem.Root).Kind);
        switch (kind)
        {
            case 0:
                Assert.Equal(node.Create(name, InodeKind.Directory), _fileSystem.Create(directory, name, InodeKind.Directory, out _));
                break;
            case 1 or 2:
                Assert.Equal(node.Create(name, InodeKind.File), _fileSystem.Create(directory, name, InodeKind.File, out _));
                break;
            case 3:
                var length = (int)(1 + (amount % 200));
                Assert.Equal(node.Create(name, InodeKind.Symlink, length), _fileSystem.CreateSymlink(directory, name, new LinkTarget(0, length), out _));
                break;
            case 4:
                Assert.Equal(node.Unlink(name), _fileSystem.Unlink(directory, name));
                break;
            case 5:
                Assert.Equal(node.RemoveTree(name), _fileSystem.RemoveTree(directory, name));
                break;
            case 6:
                Rename(directory, node, name, first);
                break;
            case 7 or 8 or 9:
                ChangeFile(kind, directory, node, name, amount);
                break;
            case 10:
                Link(directory, node, name, _names[first]);
                break;
            default:
                DoToAll(kind, directory, node, name);
                break;
        }

        _fileSystem.CheckInvariants();
    }

    public void CheckAll()
    {
        Assert.Equal(FsStatus.Ok, _fileSystem.Sync());
        Check(_fileSystem.Root, _oracle);
        _fileSystem.CheckInvariants();
    }

    private (InodeId Directory, NaiveInode Node) DirectoryFor(int first, int second)
    {
        bool isBelow = (first + second) % 2 == 0;
        if (isBelow && _oracle.Children.TryGetValue(_names[first], out NaiveInode? node)
            && _fileSystem.TryLookup(_fileSystem.Root, _names[first], out InodeId inode))
            return (inode, node);
        return (_fileSystem.Root, _oracle);
    }

    private void Rename(InodeId directory, NaiveInode node, NameId name, int first)
    {
        // The kernel's VFS refuses to move a directory below itself; the contract leaves that to the caller.
        (InodeId newDirectory, NaiveInode newNode) = DirectoryFor(first, first);
        if (node.Children.TryGetValue(name, out NaiveInode? moved) && moved.Contains(newNode))
            return;
        Assert.Equal(node.Rename(name, newNode, _names[first]), _fileSystem.Rename(directory, name, newDirectory, _names[first]));
    }

    private void ChangeFile(int kind, InodeId directory, NaiveInode node, NameId name, long amount)
    {
        if (!node.Children.TryGetValue(name, out NaiveInode? file) || file.Kind != InodeKind.File)
            return;
        Assert.True(_fileSystem.TryLookup(directory, name, out InodeId inode));
        switch (kind)
        {
            case 7:
                long lengthBytes = 1 + (amount * 7919 % 3_000_000);
                Assert.Equal(FsStatus.Ok, _fileSystem.Write(inode, amount, lengthBytes));
                file.SizeBytes = Math.Max(file.SizeBytes, amount + lengthBytes);
                break;
            case 8:
                Assert.Equal(FsStatus.Ok, _fileSystem.Truncate(inode, amount));
                file.SizeBytes = amount;
                break;
            default:
                Assert.Equal(FsStatus.Ok, _fileSystem.PunchHole(inode, amount / 2, amount / 4));
                break;
        }

        Assert.Equal(file.SizeBytes, _fileSystem.Stat(inode).SizeBytes);
    }

    private void Link(InodeId directory, NaiveInode node, NameId name, NameId source)
    {
        if (!_oracle.Children.TryGetValue(source, out NaiveInode? target) || target.Kind == InodeKind.Directory)
            return;
        Assert.True(_fileSystem.TryLookup(_fileSystem.Root, source, out InodeId inode));
        Assert.Equal(node.Link(name, target), _fileSystem.Link(directory, name, inode));
    }

    private void DoToAll(int kind, InodeId directory, NaiveInode node, NameId name)
    {
        switch (kind)
        {
            case 11 when node.Children.ContainsKey(name) && _fileSystem.TryLookup(directory, name, out InodeId inode):
                Assert.Equal(FsStatus.Ok, _fileSystem.Fsync(inode));
                break;
            case 12:
                Assert.Equal(FsStatus.Ok, _fileSystem.Sync());
                break;
            case 13:
                Assert.Equal(FsStatus.Ok, _fileSystem.Unmount());
                Assert.Equal(FsStatus.Ok, _fileSystem.Mount());
                break;
            case 14:
                // The copy goes on; whatever happens to the original must not show in it.
                IFileSystem original = _fileSystem;
                _fileSystem = original.CloneOnto(((MappedDevice)original.Device).Snapshot());
                Assert.Equal(FsStatus.Ok, _fileSystem.Mount());
                _oracle = _oracle.Copy();
                original.RemoveTree(original.Root, name);
                original.CheckInvariants();
                break;
            case 15 when node.Children.ContainsKey(name) && _fileSystem.TryLookup(directory, name, out InodeId marked):
                Assert.Equal(FsStatus.Ok, _fileSystem.SetExtendedAttributes(marked, ExtendedAttributes.OverlayOpaque | ExtendedAttributes.OverlayOrigin));
                break;
            default:
                break;
        }
    }

    private void Check(InodeId directory, NaiveInode node)
    {
        Assert.Equal(node.Children.Keys.ToHashSet(), _fileSystem.List(directory).Select(entry => entry.Name).ToHashSet());
        foreach (DirectoryEntry entry in _fileSystem.List(directory).ToArray())
        {
            NaiveInode child = node.Children[entry.Name];
            InodeStat stat = _fileSystem.Stat(entry.Inode);
            Assert.Equal(child.Kind, stat.Kind);
            if (child.Kind == InodeKind.Directory)
                Check(entry.Inode, child);
            else
                Assert.Equal(child.SizeBytes, stat.SizeBytes);
        }
    }
}
