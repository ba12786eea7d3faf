using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Drivers;

/// <summary>A layer that is a file system of its own, seen from one of its directories: devicemapper's /rootfs.</summary>
public sealed class PlainTree(IFileSystem fileSystem, InodeId root) : IMountedTree
{
    public IFileSystem FileSystem => fileSystem;

    public bool TryStat(ReadOnlySpan<NameId> path, out InodeStat stat)
    {
        stat = default;
        if (!TryWalk(path, out InodeId inode))
            return false;
        stat = fileSystem.Stat(inode);
        return true;
    }

    public IReadOnlyList<NameId> List(ReadOnlySpan<NameId> path) =>
        TryWalk(path, out InodeId inode) ? [.. fileSystem.List(inode).Select(entry => entry.Name)] : [];

    public FsStatus OpenForReading(ReadOnlySpan<NameId> path, out InodeId file)
    {
        if (!TryWalk(path, out file))
            return FsStatus.NotFound;
        return fileSystem.Stat(file).Kind == InodeKind.Directory ? FsStatus.IsDirectory : FsStatus.Ok;
    }

    public FsStatus OpenForWriting(ReadOnlySpan<NameId> path, bool truncate, out InodeId file)
    {
        if (TryWalk(path, out file))
        {
            if (fileSystem.Stat(file).Kind == InodeKind.Directory)
                return FsStatus.IsDirectory;
            return truncate ? fileSystem.Truncate(file, 0) : FsStatus.Ok;
        }

        FsStatus status = Parent(path, out InodeId directory);
        return status == FsStatus.Ok ? fileSystem.Create(directory, path[^1], InodeKind.File, out file) : status;
    }

    public FsStatus MakeDirectory(ReadOnlySpan<NameId> path)
    {
        FsStatus status = Parent(path, out InodeId directory);
        return status == FsStatus.Ok ? fileSystem.Create(directory, path[^1], InodeKind.Directory, out _) : status;
    }

    public FsStatus Remove(ReadOnlySpan<NameId> path)
    {
        FsStatus status = Parent(path, out InodeId directory);
        return status == FsStatus.Ok ? fileSystem.Unlink(directory, path[^1]) : status;
    }

    public FsStatus RemoveTree(ReadOnlySpan<NameId> path)
    {
        FsStatus status = Parent(path, out InodeId directory);
        return status == FsStatus.Ok ? fileSystem.RemoveTree(directory, path[^1]) : status;
    }

    public FsStatus Rename(ReadOnlySpan<NameId> path, ReadOnlySpan<NameId> newPath)
    {
        FsStatus status = Parent(path, out InodeId directory);
        InodeId newDirectory = default;
        if (status == FsStatus.Ok)
            status = Parent(newPath, out newDirectory);
        return status == FsStatus.Ok ? fileSystem.Rename(directory, path[^1], newDirectory, newPath[^1]) : status;
    }

    public FsStatus Link(ReadOnlySpan<NameId> path, ReadOnlySpan<NameId> newPath)
    {
        if (!TryWalk(path, out InodeId inode))
            return FsStatus.NotFound;
        FsStatus status = Parent(newPath, out InodeId directory);
        return status == FsStatus.Ok ? fileSystem.Link(directory, newPath[^1], inode) : status;
    }

    public bool TryReadLink(ReadOnlySpan<NameId> path, out LinkTarget target)
    {
        target = default;
        if (!TryWalk(path, out InodeId inode) || fileSystem.Stat(inode).Kind != InodeKind.Symlink)
            return false;
        fileSystem.NoteRead(inode);
        target = fileSystem.ReadLink(inode);
        return true;
    }

    public FsStatus CreateSymlink(ReadOnlySpan<NameId> path, LinkTarget target)
    {
        FsStatus status = Parent(path, out InodeId directory);
        return status == FsStatus.Ok ? fileSystem.CreateSymlink(directory, path[^1], target, out _) : status;
    }

    public FsStatus SetAttributes(ReadOnlySpan<NameId> path) =>
        TryWalk(path, out InodeId inode) ? fileSystem.SetAttributes(inode) : FsStatus.NotFound;

    public void NoteRead(ReadOnlySpan<NameId> path)
    {
        if (TryWalk(path, out InodeId inode))
            fileSystem.NoteRead(inode);
    }

    public FsStatus CheckQuota(long growthBytes) => FsStatus.Ok;

    public FsStatus Trim(out long trimmedBytes) => fileSystem.Trim(out trimmedBytes);

    private bool TryWalk(ReadOnlySpan<NameId> path, out InodeId inode)
    {
        inode = root;
        foreach (NameId name in path)
        {
            if (!fileSystem.TryLookup(inode, name, out inode))
                return false;
        }

        return true;
    }

    private FsStatus Parent(ReadOnlySpan<NameId> path, out InodeId directory)
    {
        directory = default;
        if (path.IsEmpty)
            return FsStatus.NotSupported;
        if (!TryWalk(path[..^1], out directory))
            return FsStatus.NotFound;
        return fileSystem.Stat(directory).Kind == InodeKind.Directory ? FsStatus.Ok : FsStatus.NotDirectory;
    }
}
