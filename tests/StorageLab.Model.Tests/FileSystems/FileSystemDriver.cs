using System.Globalization;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>Applies numbered operations to a file system and to the oracle alike.</summary>
internal sealed class FileSystemDriver(IFileSystem fileSystem)
{
    private readonly NameTable _names = new();
    private readonly FileTreeOracle _oracle = new();

    public IFileSystem FileSystem { get; private set; } = fileSystem;

    public void Apply(int kind, int where, int nameNumber, long size)
    {
        List<(FileTreeOracle.Node Node, InodeId Inode)> directories = _oracle.Directories(FileSystem, text => _names.Intern(text));
        (FileTreeOracle.Node directory, InodeId inode) = directories[where % directories.Count];
        string text = nameNumber.ToString(CultureInfo.InvariantCulture).PadLeft(2 + nameNumber % 60, 'n');
        NameId name = _names.Intern(text);
        directory.Children.TryGetValue(text, out FileTreeOracle.Node? node);
        FileSystem.TryLookup(inode, name, out InodeId target);
        switch (kind)
        {
            case 0:
                Make(directory, text, InodeKind.Directory, FileSystem.Create(inode, name, InodeKind.Directory, out _), node);
                break;
            case 1 or 2 or 3:
                Make(directory, text, InodeKind.File, FileSystem.Create(inode, name, InodeKind.File, out _), node);
                break;
            case 4:
                Make(directory, text, InodeKind.Symlink, FileSystem.CreateSymlink(inode, name, new LinkTarget(0, 1 + (int)(size % 2000)), out _), node, 1 + size % 2000);
                break;
            case 5 or 6 when node?.Kind == InodeKind.File:
                if (FileSystem.Write(target, size / 3, size % 700_000) == FsStatus.Ok && size % 700_000 > 0)
                    node.SizeBytes = Math.Max(node.SizeBytes, size / 3 + size % 700_000);
                break;
            case 7 when node?.Kind == InodeKind.File:
                if (FileSystem.Truncate(target, size) == FsStatus.Ok)
                    node.SizeBytes = size;
                break;
            case 8 when node?.Kind == InodeKind.File:
                FileSystem.PunchHole(target, size / 2, size / 3);
                break;
            case 9:
                Remove(directory, text, node, FileSystem.Unlink(inode, name));
                break;
            case 10:
                RenameInto(directories[(where + nameNumber) % directories.Count], directory, inode, text, node);
                break;
            case 11 when node?.Kind == InodeKind.File:
                Share(directory, inode, target, node, text);
                break;
            case 12:
                FileSystem.Sync();
                break;
            case 13:
                Reopen();
                break;
            default:
                break;
        }
    }

    public void CheckAgainstOracle() => Compare(_oracle.Root, FileSystem.Root);

    private static void Make(FileTreeOracle.Node directory, string text, InodeKind kind, FsStatus status, FileTreeOracle.Node? existing, long size = 0)
    {
        Assert.True(existing is null ? status is FsStatus.Ok or FsStatus.NoSpace : status == FsStatus.Exists);
        if (status == FsStatus.Ok)
            directory.Children.Add(text, new FileTreeOracle.Node(kind) { SizeBytes = size });
    }

    private static void Remove(FileTreeOracle.Node directory, string text, FileTreeOracle.Node? node, FsStatus status)
    {
        FsStatus expected = node is null ? FsStatus.NotFound : node.Children.Count > 0 ? FsStatus.NotEmpty : FsStatus.Ok;
        Assert.Equal(expected, status);
        if (status != FsStatus.Ok)
            return;
        node!.LinkCount--;
        directory.Children.Remove(text);
    }

    private void RenameInto(
        (FileTreeOracle.Node Node, InodeId Inode) into, FileTreeOracle.Node directory, InodeId inode, string text, FileTreeOracle.Node? node)
    {
        if (node is null || node.Kind == InodeKind.Directory)
            return;
        string newText = text + "r";
        into.Node.Children.TryGetValue(newText, out FileTreeOracle.Node? replaced);
        FsStatus status = FileSystem.Rename(inode, _names.Intern(text), into.Inode, _names.Intern(newText));
        if (status != FsStatus.Ok || replaced == node)
            return;
        if (replaced is not null)
            replaced.LinkCount--;
        directory.Children.Remove(text);
        into.Node.Children[newText] = node;
    }

    /// <summary>A hard link and, where the file system can, a clone that is then overwritten in part.</summary>
    private void Share(FileTreeOracle.Node directory, InodeId inode, InodeId target, FileTreeOracle.Node node, string text)
    {
        if (!directory.Children.ContainsKey(text + "l") && FileSystem.Link(inode, _names.Intern(text + "l"), target) == FsStatus.Ok)
        {
            directory.Children.Add(text + "l", node);
            node.LinkCount++;
        }

        if (!FileSystem.SupportsReflink || directory.Children.ContainsKey(text + "c")
            || FileSystem.Create(inode, _names.Intern(text + "c"), InodeKind.File, out InodeId clone) != FsStatus.Ok)
            return;
        FileTreeOracle.Node copy = new(InodeKind.File);
        directory.Children.Add(text + "c", copy);
        if (FileSystem.Reflink(target, clone) != FsStatus.Ok)
            return;
        copy.SizeBytes = node.SizeBytes;
        if (copy.SizeBytes > 9000)
            FileSystem.Write(clone, 4096, 4096);
        FileSystem.Fsync(clone);
    }

    /// <summary>Unmounts, goes on with a snapshot's copy, and mounts that.</summary>
    private void Reopen()
    {
        Assert.Equal(FsStatus.Ok, FileSystem.Unmount());
        IFileSystem copy = FileSystem.CloneOnto(((SnapshotDevice)FileSystem.Device).Snapshot());
        Assert.Equal(FsStatus.Ok, copy.Mount());
        FileSystem = copy;
    }

    private void Compare(FileTreeOracle.Node directory, InodeId inode)
    {
        Assert.Equal(
            directory.Children.Keys,
            FileSystem.List(inode).Select(entry => _names.NameOf(entry.Name)).Order(StringComparer.Ordinal));
        foreach ((string text, FileTreeOracle.Node child) in directory.Children)
        {
            Assert.True(FileSystem.TryLookup(inode, _names.Intern(text), out InodeId childInode));
            InodeStat stat = FileSystem.Stat(childInode);
            Assert.Equal(child.Kind, stat.Kind);
            if (child.Kind == InodeKind.Directory)
                Compare(child, childInode);
            else
                Assert.Equal((child.SizeBytes, child.LinkCount), (stat.SizeBytes, stat.LinkCount));
        }
    }
}
