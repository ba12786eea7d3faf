using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Images;

/// <summary>The files Docker puts under every container: mount points for what the host provides.</summary>
/// <remarks>Source: daemon/initlayer/setup_unix.go: a file at a place is unlinked and made anew, a directory is kept.</remarks>
public sealed class InitLayer(NameTable names)
{
    private static readonly (string Path, InodeKind Kind)[] Entries =
    [
        ("/dev/pts", InodeKind.Directory),
        ("/dev/shm", InodeKind.Directory),
        ("/proc", InodeKind.Directory),
        ("/sys", InodeKind.Directory),
        ("/.dockerenv", InodeKind.File),
        ("/etc/resolv.conf", InodeKind.File),
        ("/etc/hosts", InodeKind.File),
        ("/etc/hostname", InodeKind.File),
        ("/dev/console", InodeKind.File),
        ("/etc/mtab", InodeKind.Symlink),
    ];

    private const string MtabTarget = "/proc/mounts";

    private readonly (ContainerPath Path, InodeKind Kind)[] _entries =
        [.. Entries.Select(entry => (ContainerPath.Parse(names, entry.Path), entry.Kind))];

    private readonly LinkTarget _mtabTarget = names.InternTarget(MtabTarget);

    /// <summary>Mounts the layer, makes the files and unmounts it.</summary>
    public DriverOutcome Fill(IGraphDriver driver, string id)
    {
        DriverOutcome outcome = driver.Get(id, out IMountedTree? tree);
        if (!outcome.IsOk)
            return outcome;
        var status = FsStatus.Ok;
        foreach ((ContainerPath path, InodeKind kind) in _entries)
        {
            if (status == FsStatus.Ok)
                status = Make(tree!, path, kind);
        }

        outcome = DriverOutcome.From(status, "failed to set up the container's init layer: ");
        DriverOutcome put = driver.Put(id);
        return outcome.IsOk ? put : outcome;
    }

    private FsStatus Make(IMountedTree tree, ContainerPath path, InodeKind kind)
    {
        ReadOnlySpan<NameId> components = path.Components.AsSpan();
        if (tree.TryStat(components, out InodeStat stat))
        {
            if (stat.Kind == InodeKind.Directory)
                return FsStatus.Ok;
            FsStatus removed = tree.Remove(components);
            if (removed != FsStatus.Ok)
                return removed;
        }

        for (var depth = 1; depth < components.Length; depth++)
        {
            if (tree.TryStat(components[..depth], out _))
                continue;
            FsStatus made = tree.MakeDirectory(components[..depth]);
            if (made != FsStatus.Ok)
                return made;
        }

        return kind switch
        {
            InodeKind.Directory => tree.MakeDirectory(components),
            InodeKind.Symlink => tree.CreateSymlink(components, _mtabTarget),
            _ => tree.OpenForWriting(components, truncate: true, out _),
        };
    }
}
