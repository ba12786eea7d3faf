using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Drivers;

/// <summary>The daemon's own directory, /var/lib/docker, on the host's file system, or one below it: the small files Docker keeps beside the layers.</summary>
/// <remarks>Paths are relative to the directory and use slashes. A full host shows as <see cref="FsStatus.NoSpace"/>; nothing is half made.</remarks>
public sealed class DockerRoot
{
    private readonly DockerRoot? _above;
    private readonly string _path = "";
    private InodeId _top;

    public DockerRoot(IFileSystem fileSystem, NameTable names)
    {
        FileSystem = fileSystem;
        Names = names;
        _top = fileSystem.Root;
    }

    private DockerRoot(DockerRoot above, string path)
    {
        _above = above;
        _path = path;
        FileSystem = above.FileSystem;
        Names = above.Names;
    }

    public IFileSystem FileSystem { get; }

    public NameTable Names { get; }

    /// <summary>A directory below that is never removed, so that it has to be found only once. It is made when something is put into it.</summary>
    public DockerRoot Below(string path) => new(this, path);

    /// <summary>mkdir -p.</summary>
    public FsStatus MakeDirectory(string path, out InodeId directory)
    {
        FsStatus status = Open(out directory);
        foreach (Range range in path.AsSpan().Split('/'))
        {
            if (status != FsStatus.Ok)
                return status;
            NameId name = Names.Intern(path.AsSpan(range));
            if (FileSystem.TryLookup(directory, name, out InodeId next))
                directory = next;
            else
                status = FileSystem.Create(directory, name, InodeKind.Directory, out directory);
        }

        return status;
    }

    /// <summary>Creates or truncates a file and writes it, without a sync.</summary>
    public FsStatus WriteFile(string path, long lengthBytes)
    {
        FsStatus status = MakeParent(path, out InodeId directory);
        return status == FsStatus.Ok ? WriteFile(directory, NameOf(path), lengthBytes, out _) : status;
    }

    /// <summary>Creates or truncates a file, writes it and makes it durable.</summary>
    public FsStatus WriteDurably(string path, long lengthBytes)
    {
        InodeId file = default;
        FsStatus status = MakeParent(path, out InodeId directory);
        if (status == FsStatus.Ok)
            status = WriteFile(directory, NameOf(path), lengthBytes, out file);
        return status == FsStatus.Ok ? FileSystem.Fsync(file) : status;
    }

    /// <summary>rename(2) of a file or directory within the root.</summary>
    public FsStatus Move(string path, string newPath)
    {
        FsStatus status = MakeParent(path, out InodeId directory);
        InodeId newDirectory = default;
        if (status == FsStatus.Ok)
            status = MakeParent(newPath, out newDirectory);
        return status == FsStatus.Ok ? FileSystem.Rename(directory, NameOf(path), newDirectory, NameOf(newPath)) : status;
    }

    /// <summary>Replaces a file the way the daemon does: a temporary beside it, fsync, rename (pkg/ioutils/fswriters.go, devmapper writeMetaFile).</summary>
    public FsStatus ReplaceFile(string path, long lengthBytes)
    {
        FsStatus status = MakeParent(path, out InodeId directory);
        if (status != FsStatus.Ok)
            return status;
        NameId temporary = Names.Intern(".tmp");
        status = WriteFile(directory, temporary, lengthBytes, out InodeId file);
        if (status == FsStatus.Ok)
            status = FileSystem.Fsync(file);
        if (status == FsStatus.Ok)
            status = FileSystem.Rename(directory, temporary, directory, NameOf(path));
        if (status != FsStatus.Ok)
            _ = FileSystem.Unlink(directory, temporary);
        return status;
    }

    /// <summary>Makes a sparse file of the given apparent size; an existing one is kept.</summary>
    public FsStatus MakeSparseFile(string path, long apparentBytes, out InodeId file)
    {
        file = default;
        FsStatus status = MakeParent(path, out InodeId directory);
        if (status != FsStatus.Ok || FileSystem.TryLookup(directory, NameOf(path), out file))
            return status;
        status = FileSystem.Create(directory, NameOf(path), InodeKind.File, out file);
        return status == FsStatus.Ok ? FileSystem.Truncate(file, apparentBytes) : status;
    }

    /// <summary>rm -rf; nothing at the path is no error.</summary>
    public void Remove(string path)
    {
        int slash = path.LastIndexOf('/');
        if (slash < 0 ? TryOpen(out InodeId directory) : TryFind(path.AsSpan(0, slash), out directory))
            _ = FileSystem.RemoveTree(directory, NameOf(path));
    }

    public bool TryFind(ReadOnlySpan<char> path, out InodeId inode)
    {
        bool found = TryOpen(out inode);
        foreach (Range range in path.Split('/'))
            found = found && FileSystem.TryLookup(inode, Names.Intern(path[range]), out inode);
        return found;
    }

    private FsStatus Open(out InodeId directory)
    {
        FsStatus status = _top.IsNone ? _above!.MakeDirectory(_path, out _top) : FsStatus.Ok;
        directory = _top;
        return status;
    }

    private bool TryOpen(out InodeId directory)
    {
        bool found = !_top.IsNone || _above!.TryFind(_path, out _top);
        directory = _top;
        return found;
    }

    private FsStatus MakeParent(string path, out InodeId directory)
    {
        int slash = path.LastIndexOf('/');
        return slash < 0 ? Open(out directory) : MakeDirectory(path[..slash], out directory);
    }

    private FsStatus WriteFile(InodeId directory, NameId name, long lengthBytes, out InodeId file)
    {
        FsStatus status = FileSystem.TryLookup(directory, name, out file)
            ? FileSystem.Truncate(file, 0)
            : FileSystem.Create(directory, name, InodeKind.File, out file);
        return status == FsStatus.Ok && lengthBytes > 0 ? FileSystem.Write(file, 0, lengthBytes) : status;
    }

    private NameId NameOf(string path) => Names.Intern(path.AsSpan(path.LastIndexOf('/') + 1));
}
