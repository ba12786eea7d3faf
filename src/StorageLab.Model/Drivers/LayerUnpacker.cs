using StorageLab.Model.Constants;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Drivers;

/// <summary>Unpacks a layer's entries under a directory, in order, as docker-untar does.</summary>
/// <remarks>Whiteouts are the one thing drivers differ in: on a merged tree (<paramref name="whiteoutsAsDevices"/> false) they delete; in an
/// overlay's diff directory they become character devices 0/0 and opaque attributes.
/// The process that unpacks makes directories of its own in the layer and removes them again: one to pivot its root to, and on a merged tree one
/// for temporary files. On xfs they turn the rotor that spreads directories over allocation groups.
/// Source: pkg/archive/diff.go (UnpackLayer), pkg/archive/archive_linux.go (overlayWhiteoutConverter),
/// pkg/chrootarchive/chroot_linux.go (chroot), pkg/chrootarchive/diff_unix.go (applyLayer).</remarks>
public sealed class LayerUnpacker(NameTable names, WorkPace pace, bool whiteoutsAsDevices)
{
    /// <summary>Bytes that take as long to copy and hash as a layer takes that has nothing in it: half for the driver to make and mount it, half for the
    /// process that unpacks it to start.</summary>
    [ModelConstant(ModelPart.Daemon, "bytes", "recorded runs S1-*, S7-1-*: durations of loads by least squares, in seconds per layer, entry and byte")]
    public const long LayerWorkBytes = 13_000_000;

    /// <summary>Bytes that take as long to copy and hash as one entry takes to make, whatever its size.</summary>
    [ModelConstant(ModelPart.Daemon, "bytes", "recorded runs S1-*, S7-1-*: durations of loads by least squares, in seconds per layer, entry and byte")]
    public const long EntryWorkBytes = 12_000;

    // ioutil.TempDir ends a name with a random number, mostly of nine digits.
    private readonly NameId _pivotName = names.Intern(".pivot_root000000000");
    private readonly NameId _temporaryName = names.Intern("temp-docker-extract000000000");
    private readonly PathResolution _resolution = new(names);
    private InodeId[] _inodes = [];

    /// <summary>How much there is to do for a layer, for <see cref="WorkPace"/>.</summary>
    public static long WorkBytes(LayerContent content) => LayerWorkBytes + (content.Entries.Length * EntryWorkBytes) + content.FileBytes;

    /// <returns>The first error; what was unpacked before it stays.</returns>
    public FsStatus Unpack(IFileSystem fileSystem, InodeId root, LayerContent content)
    {
        pace.Work(LayerWorkBytes / 2);
        FsStatus status = fileSystem.Create(root, _pivotName, InodeKind.Directory, out _);
        if (status == FsStatus.Ok)
            status = fileSystem.Unlink(root, _pivotName);
        if (status == FsStatus.Ok && !whiteoutsAsDevices)
            status = fileSystem.Create(root, _temporaryName, InodeKind.Directory, out _);
        if (status != FsStatus.Ok)
            return status;
        status = UnpackEntries(fileSystem, root, content);
        FsStatus removed = whiteoutsAsDevices ? FsStatus.Ok : fileSystem.Unlink(root, _temporaryName);
        return status == FsStatus.Ok ? removed : status;
    }

    private FsStatus UnpackEntries(IFileSystem fileSystem, InodeId root, LayerContent content)
    {
        ReadOnlySpan<LayerEntry> entries = content.Entries;
        if (_inodes.Length < entries.Length)
            _inodes = new InodeId[entries.Length];
        for (var index = 0; index < entries.Length; index++)
        {
            ref readonly LayerEntry entry = ref entries[index];
            pace.Work(EntryWorkBytes + entry.SizeBytes);
            FsStatus status = FindDirectory(fileSystem, root, entries, entry.ParentIndex, out InodeId directory);
            if (status != FsStatus.Ok)
                return status;
            status = entry.Kind switch
            {
                LayerEntryKind.Whiteout => PlaceWhiteout(fileSystem, directory, entry.Name),
                LayerEntryKind.OpaqueMarker => PlaceOpaqueMarker(fileSystem, directory, entries, entry.ParentIndex, index),
                LayerEntryKind.HardLink => PlaceHardLink(fileSystem, directory, entry, index),
                LayerEntryKind.Implied => PlaceImplied(fileSystem, root, directory, entries, index),
                _ => Place(fileSystem, directory, entry, index),
            };
            if (status != FsStatus.Ok)
                return status;
        }

        return FsStatus.Ok;
    }

    private FsStatus Place(IFileSystem fileSystem, InodeId directory, in LayerEntry entry, int index)
    {
        if (fileSystem.TryLookup(directory, entry.Name, out InodeId existing))
        {
            bool isDirectory = fileSystem.Stat(existing).Kind == InodeKind.Directory;
            if (isDirectory && entry.Kind == LayerEntryKind.Directory)
            {
                _inodes[index] = existing;
                return fileSystem.SetAttributes(existing);
            }

            FsStatus removed = fileSystem.RemoveTree(directory, entry.Name);
            if (removed != FsStatus.Ok)
                return removed;
        }

        FsStatus status = entry.Kind switch
        {
            LayerEntryKind.File => fileSystem.Create(directory, entry.Name, InodeKind.File, out _inodes[index]),
            LayerEntryKind.Symlink => fileSystem.CreateSymlink(directory, entry.Name, new LinkTarget(entry.LinkIndex, (int)entry.SizeBytes), out _inodes[index]),
            LayerEntryKind.Special => fileSystem.Create(directory, entry.Name, InodeKind.Special, out _inodes[index]),
            _ => fileSystem.Create(directory, entry.Name, InodeKind.Directory, out _inodes[index]),
        };
        if (status == FsStatus.Ok && entry.Kind == LayerEntryKind.File && entry.SizeBytes > 0)
            status = fileSystem.Write(_inodes[index], 0, entry.SizeBytes);
        // lchown, chmod and utimes follow every entry; the file system logs the inode once.
        return status == FsStatus.Ok ? fileSystem.SetAttributes(_inodes[index]) : status;
    }

    /// <summary>The directory that an entry lies in; where its path goes over a link, the one that leads to.</summary>
    private FsStatus FindDirectory(IFileSystem fileSystem, InodeId root, ReadOnlySpan<LayerEntry> entries, int parentIndex, out InodeId directory)
    {
        directory = parentIndex < 0 ? root : _inodes[parentIndex];
        return parentIndex >= 0 && entries[parentIndex].Kind == LayerEntryKind.Symlink ? Follow(fileSystem, root, entries, parentIndex, out directory) : FsStatus.Ok;
    }

    /// <summary>Finds a path that the archive does not name: a directory of a lower layer, the target of a hard link, or a link that leads to a directory.</summary>
    private FsStatus PlaceImplied(IFileSystem fileSystem, InodeId root, InodeId directory, ReadOnlySpan<LayerEntry> entries, int index)
    {
        if (!fileSystem.TryLookup(directory, entries[index].Name, out _inodes[index]))
            return Place(fileSystem, directory, entries[index], index);
        return fileSystem.Stat(_inodes[index]).Kind == InodeKind.Symlink ? Follow(fileSystem, root, entries, index, out _inodes[index]) : FsStatus.Ok;
    }

    /// <summary>Where an entry's path leads when the kernel follows its links.</summary>
    private FsStatus Follow(IFileSystem fileSystem, InodeId root, ReadOnlySpan<LayerEntry> entries, int index, out InodeId inode)
    {
        List<NameId> path = [];
        for (int at = index; at >= 0; at = entries[at].ParentIndex)
            path.Insert(0, entries[at].Name);
        FsStatus status = _resolution.Resolve(new PlainTree(fileSystem, root), ContainerPath.Of(path), followsLast: true, out ContainerPath resolved);
        inode = root;
        foreach (NameId name in resolved.Components)
        {
            if (status == FsStatus.Ok && !fileSystem.TryLookup(inode, name, out inode))
                status = FsStatus.NotFound;
        }

        return status;
    }

    private FsStatus PlaceHardLink(IFileSystem fileSystem, InodeId directory, in LayerEntry entry, int index)
    {
        _inodes[index] = _inodes[entry.LinkIndex];
        // A directory stands where a target was that neither this layer nor one below has.
        if (fileSystem.Stat(_inodes[index]).Kind == InodeKind.Directory)
            return FsStatus.NotFound;
        if (fileSystem.TryLookup(directory, entry.Name, out InodeId existing))
        {
            if (existing == _inodes[index])
                return FsStatus.Ok;
            FsStatus removed = fileSystem.RemoveTree(directory, entry.Name);
            if (removed != FsStatus.Ok)
                return removed;
        }

        return fileSystem.Link(directory, entry.Name, _inodes[index]);
    }

    private FsStatus PlaceWhiteout(IFileSystem fileSystem, InodeId directory, NameId name)
    {
        if (fileSystem.TryLookup(directory, name, out _))
        {
            FsStatus removed = fileSystem.RemoveTree(directory, name);
            if (removed != FsStatus.Ok)
                return removed;
        }

        return whiteoutsAsDevices ? fileSystem.Create(directory, name, InodeKind.Whiteout, out _) : FsStatus.Ok;
    }

    private FsStatus PlaceOpaqueMarker(IFileSystem fileSystem, InodeId directory, ReadOnlySpan<LayerEntry> entries, int parentIndex, int index)
    {
        if (whiteoutsAsDevices)
            return fileSystem.SetExtendedAttributes(directory, ExtendedAttributes.OverlayOpaque);
        // What this layer itself has put into the directory before its marker stays.
        HashSet<NameId> own = [];
        for (var earlier = 0; earlier < index; earlier++)
        {
            if (entries[earlier].ParentIndex == parentIndex)
                own.Add(entries[earlier].Name);
        }

        foreach (DirectoryEntry entry in fileSystem.List(directory).ToArray())
        {
            if (own.Contains(entry.Name))
                continue;
            FsStatus removed = fileSystem.RemoveTree(directory, entry.Name);
            if (removed != FsStatus.Ok)
                return removed;
        }

        return FsStatus.Ok;
    }
}
