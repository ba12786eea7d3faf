using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>The oracle: an inode of a file system that has no disk, with its names in a plain dictionary.</summary>
internal sealed class NaiveInode(InodeKind kind)
{
    public InodeKind Kind => kind;

    public long SizeBytes { get; set; }

    public Dictionary<NameId, NaiveInode> Children { get; } = [];

    /// <summary>A copy of everything below, with hard links as they are.</summary>
    public NaiveInode Copy() => Copy([]);

    public FsStatus Create(NameId name, InodeKind childKind, long sizeBytes = 0)
    {
        if (kind != InodeKind.Directory)
            return FsStatus.NotDirectory;
        return Children.TryAdd(name, new NaiveInode(childKind) { SizeBytes = sizeBytes }) ? FsStatus.Ok : FsStatus.Exists;
    }

    public FsStatus Link(NameId name, NaiveInode target)
    {
        if (kind != InodeKind.Directory)
            return FsStatus.NotDirectory;
        if (Children.ContainsKey(name))
            return FsStatus.Exists;
        if (target.Kind == InodeKind.Directory)
            return FsStatus.IsDirectory;
        Children.Add(name, target);
        return FsStatus.Ok;
    }

    public FsStatus Unlink(NameId name)
    {
        if (!Children.TryGetValue(name, out NaiveInode? child))
            return FsStatus.NotFound;
        if (child.Children.Count > 0)
            return FsStatus.NotEmpty;
        Children.Remove(name);
        return FsStatus.Ok;
    }

    public FsStatus RemoveTree(NameId name) => Children.Remove(name) ? FsStatus.Ok : FsStatus.NotFound;

    public FsStatus Rename(NameId name, NaiveInode newDirectory, NameId newName)
    {
        if (!Children.TryGetValue(name, out NaiveInode? moved))
            return FsStatus.NotFound;
        if (newDirectory.Kind != InodeKind.Directory)
            return FsStatus.NotDirectory;
        if (newDirectory.Children.TryGetValue(newName, out NaiveInode? target))
        {
            if (target == moved)
                return FsStatus.Ok;
            if ((target.Kind == InodeKind.Directory) != (moved.Kind == InodeKind.Directory))
                return target.Kind == InodeKind.Directory ? FsStatus.IsDirectory : FsStatus.NotDirectory;
            if (target.Children.Count > 0)
                return FsStatus.NotEmpty;
        }

        Children.Remove(name);
        newDirectory.Children[newName] = moved;
        return FsStatus.Ok;
    }

    /// <summary>Whether <paramref name="inner"/> lies below this inode or is it.</summary>
    public bool Contains(NaiveInode inner) => this == inner || Children.Values.Any(child => child.Contains(inner));

    private NaiveInode Copy(Dictionary<NaiveInode, NaiveInode> copies)
    {
        if (copies.TryGetValue(this, out NaiveInode? known))
            return known;
        NaiveInode copy = new(kind) { SizeBytes = SizeBytes };
        copies.Add(this, copy);
        foreach ((NameId name, NaiveInode child) in Children)
            copy.Children.Add(name, child.Copy(copies));
        return copy;
    }
}
