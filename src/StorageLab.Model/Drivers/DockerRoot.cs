using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Drivers;

/// <summary>The daemon's own directory, /var/lib/docker, on the host's file system: the small files Docker keeps beside the layers.</summary>
/// <remarks>Paths are relative to the root and use slashes. A full host shows as <see cref="FsStatus.NoSpace"/>; nothing is half made.</remarks>
public sealed class DockerRoot(IFileSystem fileSystem, NameTable names)
{
    public IFileSystem FileSystem { get; } = fileSystem;

    public NameTable Names { get; } = names;

    /// <summary>mkdir -p.</summary>
    public FsStatus MakeDirectory(string path, out InodeId directory)
    {
        directory = FileSystem.Root;
        foreach (Range range in path.AsSpan().Split('/'))
        {
            NameId name = Names.Intern(path.AsSpan(range));
            if (FileSystem.TryLookup(directory, name, out InodeId next))
            {
                directory = next;
                continue;
            }

            FsStatus status = FileSystem.Create(directory, name, InodeKind.Directory, out directory);
            if (status != FsStatus.Ok)
                return status;
        }

        return FsStatus.Ok;
    }

    /// <summary>Creates or truncates a file and writes it, without a sync.</summary>
    public FsStatus WriteFile(string path, long lengthBytes)
    {
        FsStatus status = MakeDirectory(ParentOf(path), out InodeId directory);
        return status == FsStatus.Ok ? WriteFile(directory, NameOf(path), lengthBytes, out _) : status;
    }

    /// <summary>Replaces a file the way the daemon does: a temporary beside it, fsync, rename (pkg/ioutils/fswriters.go, devmapper writeMetaFile).</summary>
    public FsStatus ReplaceFile(string path, long lengthBytes)
    {
        FsStatus status = MakeDirectory(ParentOf(path), out InodeId directory);
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
        FsStatus status = MakeDirectory(ParentOf(path), out InodeId directory);
        if (status != FsStatus.Ok || FileSystem.TryLookup(directory, NameOf(path), out file))
            return status;
        status = FileSystem.Create(directory, NameOf(path), InodeKind.File, out file);
        return status == FsStatus.Ok ? FileSystem.Truncate(file, apparentBytes) : status;
    }

    /// <summary>rm -rf; nothing at the path is no error.</summary>
    public void Remove(string path)
    {
        if (TryFind(ParentOf(path), out InodeId directory))
            _ = FileSystem.RemoveTree(directory, NameOf(path));
    }

    public bool TryFind(string path, out InodeId inode)
    {
        inode = FileSystem.Root;
        foreach (Range range in path.AsSpan().Split('/'))
        {
            if (!FileSystem.TryLookup(inode, Names.Intern(path.AsSpan(range)), out inode))
                return false;
        }

        return true;
    }

    private FsStatus WriteFile(InodeId directory, NameId name, long lengthBytes, out InodeId file)
    {
        FsStatus status = FileSystem.TryLookup(directory, name, out file)
            ? FileSystem.Truncate(file, 0)
            : FileSystem.Create(directory, name, InodeKind.File, out file);
        return status == FsStatus.Ok && lengthBytes > 0 ? FileSystem.Write(file, 0, lengthBytes) : status;
    }

    private static string ParentOf(string path) => path[..path.LastIndexOf('/')];

    private NameId NameOf(string path) => Names.Intern(path.AsSpan(path.LastIndexOf('/') + 1));
}
