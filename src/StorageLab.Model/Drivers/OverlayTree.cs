using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Drivers;

/// <summary>An overlay mount: lower directories, nearest first, under one upper directory that takes every change.</summary>
/// <remarks>
/// Look-ups go top-down: directories merge, anything else hides what is below. The first change to a lower file copies the whole file up;
/// a removed lower name leaves a whiteout. Whiteouts share one inode by hard links from kernel 5.8 on (fs/overlayfs/dir.c, ovl_whiteout).
/// Source: Documentation/filesystems/overlayfs.rst; fs/overlayfs/namei.c, copy_up.c, dir.c.
/// </remarks>
public sealed class OverlayTree : IMountedTree
{
    private readonly InodeId _upper;
    private readonly InodeId _work;
    private readonly InodeId[] _lowers;
    private readonly bool _sharesWhiteouts;
    private readonly NameId _temporary;
    private readonly NameId _spareWhiteout;
    private InodeId _sharedWhiteout;

    /// <param name="fileSystem">The host's file system, which holds all directories.</param>
    /// <param name="upper">Directory that takes the changes.</param>
    /// <param name="work">Empty directory on the same file system, where a copy-up is prepared before it is moved into place.</param>
    /// <param name="lowers">Lower directories, nearest first.</param>
    /// <param name="kernel">Decides how whiteouts are kept.</param>
    /// <param name="names">Table of the names that the paths are made of.</param>
    public OverlayTree(IFileSystem fileSystem, InodeId upper, InodeId work, InodeId[] lowers, KernelVersion kernel, NameTable names)
    {
        FileSystem = fileSystem;
        _upper = upper;
        _work = work;
        _lowers = lowers;
        _sharesWhiteouts = kernel >= KernelChanges.OverlaySharesWhiteouts;
        _temporary = names.Intern("#copy-up");
        _spareWhiteout = names.Intern("#whiteout");
    }

    public IFileSystem FileSystem { get; }

    /// <summary>Bytes the upper directory may hold (overlay2.size, an xfs project quota); null without one.</summary>
    public long? QuotaBytes { get; init; }

    public bool TryStat(ReadOnlySpan<NameId> path, out InodeStat stat)
    {
        stat = default;
        if (!TryResolve(path, out Merged node))
            return false;
        stat = FileSystem.Stat(node.Top);
        return true;
    }

    public IReadOnlyList<NameId> List(ReadOnlySpan<NameId> path) =>
        TryResolve(path, out Merged node) && IsDirectory(node.Top) ? ListMerged(node) : [];

    public FsStatus OpenForReading(ReadOnlySpan<NameId> path, out InodeId file)
    {
        file = default;
        if (!TryResolve(path, out Merged node))
            return FsStatus.NotFound;
        file = node.Top;
        return IsDirectory(file) ? FsStatus.IsDirectory : FsStatus.Ok;
    }

    public FsStatus OpenForWriting(ReadOnlySpan<NameId> path, bool truncate, out InodeId file)
    {
        file = default;
        if (!TryResolve(path, out Merged node))
            return CreateInUpper(path, InodeKind.File, out file);
        if (IsDirectory(node.Top))
            return FsStatus.IsDirectory;
        FsStatus status = CopyUp(path, withContent: !truncate, out file);
        return status == FsStatus.Ok && truncate ? FileSystem.Truncate(file, 0) : status;
    }

    public FsStatus MakeDirectory(ReadOnlySpan<NameId> path)
    {
        if (TryResolve(path, out _))
            return FsStatus.Exists;
        FsStatus status = CopyUpParent(path, out InodeId parent);
        if (status != FsStatus.Ok)
            return status;
        bool replacesWhiteout = FileSystem.TryLookup(parent, path[^1], out _);
        status = CreateInUpper(path, InodeKind.Directory, out InodeId directory);
        // A directory made where a lower one was deleted must hide the old content.
        return status == FsStatus.Ok && replacesWhiteout
            ? FileSystem.SetExtendedAttributes(directory, ExtendedAttributes.OverlayOpaque)
            : status;
    }

    public FsStatus Remove(ReadOnlySpan<NameId> path)
    {
        if (!TryResolve(path, out Merged node))
            return FsStatus.NotFound;
        if (IsDirectory(node.Top) && ListMerged(node).Count > 0)
            return FsStatus.NotEmpty;
        return RemoveResolved(path, node);
    }

    public FsStatus RemoveTree(ReadOnlySpan<NameId> path)
    {
        if (!TryResolve(path, out Merged node))
            return FsStatus.NotFound;
        if (IsDirectory(node.Top))
        {
            NameId[] child = [.. path, default];
            foreach (NameId name in ListMerged(node))
            {
                child[^1] = name;
                FsStatus status = RemoveTree(child);
                if (status != FsStatus.Ok)
                    return status;
            }

            // Removing the children may have copied the directory up.
            _ = TryResolve(path, out node);
        }

        return RemoveResolved(path, node);
    }

    public FsStatus Rename(ReadOnlySpan<NameId> path, ReadOnlySpan<NameId> newPath)
    {
        if (!TryResolve(path, out Merged node))
            return FsStatus.NotFound;
        // Without redirect_dir a directory with anything in a lower layer cannot be renamed (overlayfs.rst, "renaming directories").
        if (IsDirectory(node.Top) && (node.Upper.IsNone || node.Lowers.Count > 0))
            return FsStatus.CrossDevice;
        bool leavesWhiteout = HasLower(path);
        FsStatus status = CopyUp(path, withContent: true, out _);
        InodeId parent = default;
        InodeId newParent = default;
        if (status == FsStatus.Ok)
            status = CopyUpParent(path, out parent);
        if (status == FsStatus.Ok)
            status = CopyUpParent(newPath, out newParent);
        if (status == FsStatus.Ok)
            status = FileSystem.Rename(parent, path[^1], newParent, newPath[^1]);
        return status == FsStatus.Ok && leavesWhiteout ? PlaceWhiteout(parent, path[^1]) : status;
    }

    public FsStatus Link(ReadOnlySpan<NameId> path, ReadOnlySpan<NameId> newPath)
    {
        if (!TryResolve(path, out _))
            return FsStatus.NotFound;
        if (TryResolve(newPath, out _))
            return FsStatus.Exists;
        FsStatus status = CopyUp(path, withContent: true, out InodeId file);
        InodeId parent = default;
        if (status == FsStatus.Ok)
            status = CopyUpParent(newPath, out parent);
        if (status == FsStatus.Ok)
            status = ClearWhiteout(parent, newPath[^1]);
        return status == FsStatus.Ok ? FileSystem.Link(parent, newPath[^1], file) : status;
    }

    public bool TryReadLink(ReadOnlySpan<NameId> path, out LinkTarget target)
    {
        target = default;
        if (!TryResolve(path, out Merged node) || FileSystem.Stat(node.Top).Kind != InodeKind.Symlink)
            return false;
        NoteRead(node);
        target = FileSystem.ReadLink(node.Top);
        return true;
    }

    public FsStatus CreateSymlink(ReadOnlySpan<NameId> path, LinkTarget target)
    {
        if (TryResolve(path, out _))
            return FsStatus.Exists;
        FsStatus status = CopyUpParent(path, out InodeId parent);
        if (status == FsStatus.Ok)
            status = ClearWhiteout(parent, path[^1]);
        return status == FsStatus.Ok ? FileSystem.CreateSymlink(parent, path[^1], target, out _) : status;
    }

    public FsStatus SetAttributes(ReadOnlySpan<NameId> path)
    {
        FsStatus status = TryResolve(path, out _) ? CopyUp(path, withContent: true, out _) : FsStatus.NotFound;
        return status == FsStatus.Ok && TryResolve(path, out Merged node) ? FileSystem.SetAttributes(node.Top) : status;
    }

    /// <remarks>Lower directories are mounted with noatime (fs/overlayfs/super.c, ovl_get_layers).</remarks>
    public void NoteRead(ReadOnlySpan<NameId> path)
    {
        if (TryResolve(path, out Merged node))
            NoteRead(node);
    }

    public FsStatus CheckQuota(long growthBytes) =>
        QuotaBytes is { } quotaBytes && DirectoryUsage.Of(FileSystem, _upper).AllocatedBytes + growthBytes > quotaBytes ? FsStatus.NoSpace : FsStatus.Ok;

    /// <summary>overlayfs has no FITRIM (recorded runs: "Inappropriate ioctl for device").</summary>
    public FsStatus Trim(out long trimmedBytes)
    {
        trimmedBytes = 0;
        return FsStatus.NotSupported;
    }

    private void NoteRead(in Merged node)
    {
        if (!node.Upper.IsNone)
            FileSystem.NoteRead(node.Upper);
    }

    private bool IsDirectory(InodeId inode) => FileSystem.Stat(inode).Kind == InodeKind.Directory;

    private bool IsWhiteout(InodeId inode) => FileSystem.Stat(inode).Kind == InodeKind.Whiteout;

    private bool IsOpaque(InodeId inode) => (FileSystem.GetExtendedAttributes(inode) & ExtendedAttributes.OverlayOpaque) != 0;

    private bool TryResolve(ReadOnlySpan<NameId> path, out Merged node)
    {
        node = new Merged(_upper, [.. _lowers]);
        foreach (NameId name in path)
        {
            if (!TryDescend(node, name, out node))
                return false;
        }

        return true;
    }

    private bool TryDescend(Merged node, NameId name, out Merged child)
    {
        child = new Merged(default, []);
        InodeId upper = default;
        if (!node.Upper.IsNone && FileSystem.TryLookup(node.Upper, name, out upper))
        {
            if (IsWhiteout(upper))
                return false;
            child = child with { Upper = upper };
            if (!IsDirectory(upper) || IsOpaque(upper))
                return true;
        }

        foreach (InodeId lower in node.Lowers)
        {
            if (!FileSystem.TryLookup(lower, name, out InodeId found))
                continue;
            if (IsWhiteout(found))
                break;
            bool isDirectory = IsDirectory(found);
            if (!isDirectory && (!upper.IsNone || child.Lowers.Count > 0))
                break;
            child.Lowers.Add(found);
            if (!isDirectory || IsOpaque(found))
                break;
        }

        return !child.Upper.IsNone || child.Lowers.Count > 0;
    }

    private List<NameId> ListMerged(in Merged node)
    {
        List<NameId> names = [];
        HashSet<NameId> seen = [];
        if (!node.Upper.IsNone)
            AddNames(node.Upper, names, seen);
        foreach (InodeId lower in node.Lowers)
            AddNames(lower, names, seen);
        return names;
    }

    private void AddNames(InodeId directory, List<NameId> names, HashSet<NameId> seen)
    {
        foreach (DirectoryEntry entry in FileSystem.List(directory))
        {
            if (seen.Add(entry.Name) && !IsWhiteout(entry.Inode))
                names.Add(entry.Name);
        }
    }

    /// <summary>Whether a name would show through from below if the upper one were gone.</summary>
    private bool HasLower(ReadOnlySpan<NameId> path)
    {
        if (!TryResolve(path[..^1], out Merged parent))
            return false;
        Merged belowOnly = parent with { Upper = default };
        return TryDescend(belowOnly, path[^1], out _);
    }

    private FsStatus RemoveResolved(ReadOnlySpan<NameId> path, in Merged node)
    {
        bool leavesWhiteout = HasLower(path);
        FsStatus status = CopyUpParent(path, out InodeId parent);
        // A merged directory's upper part may still hold whiteouts of its lower names.
        if (status == FsStatus.Ok && !node.Upper.IsNone)
            status = FileSystem.RemoveTree(parent, path[^1]);
        return status == FsStatus.Ok && leavesWhiteout ? PlaceWhiteout(parent, path[^1]) : status;
    }

    private FsStatus CreateInUpper(ReadOnlySpan<NameId> path, InodeKind kind, out InodeId inode)
    {
        inode = default;
        FsStatus status = CopyUpParent(path, out InodeId parent);
        if (status == FsStatus.Ok)
            status = ClearWhiteout(parent, path[^1]);
        return status == FsStatus.Ok ? FileSystem.Create(parent, path[^1], kind, out inode) : status;
    }

    private FsStatus CopyUpParent(ReadOnlySpan<NameId> path, out InodeId parent)
    {
        parent = default;
        if (path.IsEmpty)
            return FsStatus.NotSupported;
        if (!TryResolve(path[..^1], out Merged node))
            return FsStatus.NotFound;
        return IsDirectory(node.Top) ? CopyUp(path[..^1], withContent: true, out parent) : FsStatus.NotDirectory;
    }

    /// <summary>Brings a path, and every directory above it, into the upper layer: ovl_copy_up.</summary>
    private FsStatus CopyUp(ReadOnlySpan<NameId> path, bool withContent, out InodeId copy)
    {
        Merged node = new(_upper, [.. _lowers]);
        copy = _upper;
        for (var depth = 0; depth < path.Length; depth++)
        {
            if (!TryDescend(node, path[depth], out Merged child))
                return FsStatus.NotFound;
            if (child.Upper.IsNone)
            {
                bool isLast = depth == path.Length - 1;
                FsStatus status = CopyUpOne(node.Upper, path[depth], child.Lowers[0], withContent || !isLast, out InodeId copied);
                if (status != FsStatus.Ok)
                    return status;
                child = child with { Upper = copied };
            }

            node = child;
            copy = child.Upper;
        }

        return FsStatus.Ok;
    }

    private FsStatus CopyUpOne(InodeId parent, NameId name, InodeId lower, bool withContent, out InodeId copy)
    {
        InodeStat stat = FileSystem.Stat(lower);
        FsStatus status = stat.Kind == InodeKind.Symlink
            ? FileSystem.CreateSymlink(_work, _temporary, FileSystem.ReadLink(lower), out copy)
            : FileSystem.Create(_work, _temporary, stat.Kind, out copy);
        if (status == FsStatus.Ok)
            status = FileSystem.SetExtendedAttributes(copy, ExtendedAttributes.OverlayOrigin);
        if (status == FsStatus.Ok && stat.Kind == InodeKind.File && withContent && stat.SizeBytes > 0)
            status = CopyContent(lower, copy, stat.SizeBytes);
        if (status == FsStatus.Ok)
            status = FileSystem.SetAttributes(copy);
        if (status == FsStatus.Ok)
            status = FileSystem.Rename(_work, _temporary, parent, name);
        if (status != FsStatus.Ok)
            _ = FileSystem.Unlink(_work, _temporary);
        return status;
    }

    /// <summary>A clone where the file system can, else the whole content, synced before the copy takes its name (ovl_copy_up_file).</summary>
    private FsStatus CopyContent(InodeId lower, InodeId copy, long sizeBytes)
    {
        FsStatus status = CheckQuota(sizeBytes);
        if (status == FsStatus.Ok && FileSystem.SupportsReflink)
            return FileSystem.Reflink(lower, copy);
        if (status == FsStatus.Ok)
            status = FileSystem.Read(lower, 0, sizeBytes);
        if (status == FsStatus.Ok)
            status = FileSystem.Write(copy, 0, sizeBytes);
        return status == FsStatus.Ok ? FileSystem.Fsync(copy) : status;
    }

    private FsStatus ClearWhiteout(InodeId parent, NameId name) =>
        FileSystem.TryLookup(parent, name, out InodeId whiteout) && IsWhiteout(whiteout)
            ? FileSystem.Unlink(parent, name)
            : FsStatus.Ok;

    private FsStatus PlaceWhiteout(InodeId parent, NameId name)
    {
        if (!_sharesWhiteouts)
            return FileSystem.Create(parent, name, InodeKind.Whiteout, out _);
        if (_sharedWhiteout.IsNone)
        {
            // The mount keeps one spare name of it in its work directory.
            FsStatus status = FileSystem.Create(_work, _spareWhiteout, InodeKind.Whiteout, out InodeId whiteout);
            if (status != FsStatus.Ok)
                return status;
            _sharedWhiteout = whiteout;
        }

        return FileSystem.Link(parent, name, _sharedWhiteout);
    }

    /// <summary>One name of the merged tree: its upper inode, if any, and the lower ones that merge with it, nearest first.</summary>
    private readonly record struct Merged(InodeId Upper, List<InodeId> Lowers)
    {
        public InodeId Top => Upper.IsNone ? Lowers[0] : Upper;
    }
}
