using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Replay;

/// <summary>Runs file operations in a container, as a process would, and keeps the container's list of changes.</summary>
public sealed class ContainerProcess(NameTable names)
{
    private readonly PathResolution _resolution = new(names);

    /// <summary>File content that processes have asked to write so far, in bytes.</summary>
    public long WrittenBytes { get; private set; }

    public long ReadBytes { get; private set; }

    /// <summary>Runs operations in order up to the first that fails.</summary>
    /// <param name="error">The failing operation's path and errno text; null when all went well.</param>
    /// <returns>The status of the first that failed, or Ok.</returns>
    public FsStatus Run(IMountedTree tree, ContainerChanges changes, IReadOnlyList<ContainerOperation> operations, out string? error)
    {
        error = null;
        foreach (ContainerOperation operation in operations)
        {
            FsStatus status = Run(tree, changes, operation, out ContainerPath path);
            if (status == FsStatus.Ok)
                continue;
            error = $"{path.ToString(names)}: {ErrnoText.Of(status)}";
            return status;
        }

        return FsStatus.Ok;
    }

    private FsStatus Run(IMountedTree tree, ContainerChanges changes, ContainerOperation operation, out ContainerPath path)
    {
        FsStatus status = _resolution.Resolve(tree, PathOf(operation), FollowsLastLink(operation), out path);
        return status == FsStatus.Ok ? Run(tree, changes, operation, path) : status;
    }

    private static ContainerPath PathOf(ContainerOperation operation) => operation switch
    {
        ContainerOperation.Create create => create.Path,
        ContainerOperation.Append append => append.Path,
        ContainerOperation.Overwrite overwrite => overwrite.Path,
        ContainerOperation.CreateMany many => many.Directory,
        ContainerOperation.Copy copy => copy.Path,
        ContainerOperation.Truncate truncate => truncate.Path,
        ContainerOperation.Rename rename => rename.Path,
        ContainerOperation.Delete delete => delete.Path,
        ContainerOperation.DeleteTree deleteTree => deleteTree.Path,
        ContainerOperation.ChangeMode change => change.Path,
        ContainerOperation.Link link => link.Path,
        ContainerOperation.MakeDirectory make => make.Path,
        ContainerOperation.ReadFile read => read.Path,
        ContainerOperation.ReadTree readTree => readTree.Path,
        ContainerOperation.Sync => ContainerPath.Root,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "no such operation"),
    };

    /// <summary>Names are removed, renamed and linked as they are; everything else opens what they lead to.</summary>
    private static bool FollowsLastLink(ContainerOperation operation) =>
        operation is not (ContainerOperation.Rename or ContainerOperation.Delete or ContainerOperation.DeleteTree or ContainerOperation.Link);

    private FsStatus Run(IMountedTree tree, ContainerChanges changes, ContainerOperation operation, ContainerPath path)
    {
        ReadOnlySpan<NameId> components = path.Components.AsSpan();
        switch (operation)
        {
            case ContainerOperation.Create create:
                return WriteFile(tree, changes, components, truncate: true, create.LengthBytes, create.ChunkBytes, create.Fsync);
            case ContainerOperation.Append append:
                return WriteFile(tree, changes, components, truncate: false, append.LengthBytes, append.ChunkBytes, append.Fsync);
            case ContainerOperation.Overwrite overwrite:
                return Overwrite(tree, changes, components, overwrite);
            case ContainerOperation.CreateMany many:
                return CreateMany(tree, changes, components, many);
            case ContainerOperation.Copy copy:
                return Copy(tree, changes, components, copy);
            case ContainerOperation.Sync:
                // sync(2) reports no error, and neither does the command.
                _ = tree.FileSystem.Sync();
                return FsStatus.Ok;
            case ContainerOperation.Truncate truncate:
                return Truncate(tree, changes, components, truncate.SizeBytes);
            case ContainerOperation.Rename rename:
                return Rename(tree, changes, path, rename.NewPath);
            case ContainerOperation.Delete:
                return Delete(changes, path, tree.Remove(components));
            case ContainerOperation.DeleteTree:
                return Delete(changes, path, tree.RemoveTree(components));
            case ContainerOperation.ChangeMode:
                return Written(changes, path, existedBefore: true, tree.SetAttributes(components));
            case ContainerOperation.Link link:
                return Link(tree, changes, path, link.NewPath);
            case ContainerOperation.MakeDirectory:
                return MakeDirectories(tree, changes, components);
            case ContainerOperation.ReadFile:
                return Read(tree, components);
            default:
                return ReadTree(tree, components);
        }
    }

    private FsStatus Link(IMountedTree tree, ContainerChanges changes, ContainerPath path, ContainerPath newPath)
    {
        FsStatus status = _resolution.Resolve(tree, newPath, followsLast: false, out ContainerPath resolved);
        return status == FsStatus.Ok
            ? Written(changes, resolved, existedBefore: false, tree.Link(path.Components.AsSpan(), resolved.Components.AsSpan()))
            : status;
    }

    private static FsStatus Written(ContainerChanges changes, ContainerPath path, bool existedBefore, FsStatus status)
    {
        if (status == FsStatus.Ok)
            changes.RecordWrite(path.Components.AsSpan(), existedBefore);
        return status;
    }

    private static FsStatus Delete(ContainerChanges changes, ContainerPath path, FsStatus status)
    {
        if (status == FsStatus.Ok)
            changes.RecordDelete(path.Components.AsSpan());
        return status;
    }

    private FsStatus WriteFile(
        IMountedTree tree, ContainerChanges changes, ReadOnlySpan<NameId> components, bool truncate, long lengthBytes, long chunkBytes, FsyncPolicy fsync)
    {
        FsStatus status = components.IsEmpty ? FsStatus.IsDirectory : MakeDirectories(tree, changes, components[..^1]);
        bool existedBefore = tree.TryStat(components, out _);
        InodeId file = default;
        if (status == FsStatus.Ok)
            status = tree.OpenForWriting(components, truncate, out file);
        if (status != FsStatus.Ok)
            return status;
        changes.RecordWrite(components, existedBefore);
        long startBytes = tree.FileSystem.Stat(file).SizeBytes;
        for (long doneBytes = 0; doneBytes < lengthBytes && status == FsStatus.Ok; doneBytes += chunkBytes)
        {
            long countBytes = Math.Min(chunkBytes, lengthBytes - doneBytes);
            status = Write(tree, file, startBytes + doneBytes, countBytes);
            if (status == FsStatus.Ok && fsync == FsyncPolicy.Each)
                status = tree.FileSystem.Fsync(file);
        }

        return status == FsStatus.Ok && fsync == FsyncPolicy.End ? tree.FileSystem.Fsync(file) : status;
    }

    private FsStatus Copy(IMountedTree tree, ContainerChanges changes, ReadOnlySpan<NameId> components, ContainerOperation.Copy copy)
    {
        long lengthBytes = 0;
        foreach (ContainerPath source in copy.Sources)
        {
            FsStatus status = _resolution.Resolve(tree, source, followsLast: true, out ContainerPath resolved);
            if (status == FsStatus.Ok)
                status = Read(tree, resolved.Components.AsSpan());
            if (status != FsStatus.Ok)
                return status;
            _ = tree.TryStat(resolved.Components.AsSpan(), out InodeStat stat);
            lengthBytes += stat.SizeBytes;
        }

        return WriteFile(tree, changes, components, truncate: true, lengthBytes, copy.ChunkBytes, copy.Fsync);
    }

    /// <summary>write(2), again for what a short write left: the file system takes unit after unit and stops at the first that finds no room.</summary>
    private FsStatus Write(IMountedTree tree, InodeId file, long offsetBytes, long lengthBytes)
    {
        long unitBytes = tree.FileSystem.WriteUnitBytes;
        FsStatus status = WriteWhole(tree, file, offsetBytes, lengthBytes);
        if (status != FsStatus.NoSpace || lengthBytes <= unitBytes)
            return status;
        long endBytes = offsetBytes + lengthBytes;
        for (long fromBytes = offsetBytes; fromBytes < endBytes;)
        {
            long toBytes = Math.Min(endBytes, (fromBytes / unitBytes * unitBytes) + unitBytes);
            status = WriteWhole(tree, file, fromBytes, toBytes - fromBytes);
            if (status != FsStatus.Ok)
                return status;
            fromBytes = toBytes;
        }

        return status;
    }

    private FsStatus WriteWhole(IMountedTree tree, InodeId file, long offsetBytes, long lengthBytes)
    {
        FsStatus status = tree.CheckQuota(Math.Max(0, offsetBytes + lengthBytes - tree.FileSystem.Stat(file).SizeBytes));
        if (status == FsStatus.Ok)
            status = tree.FileSystem.Write(file, offsetBytes, lengthBytes);
        if (status == FsStatus.Ok)
            WrittenBytes += lengthBytes;
        return status;
    }

    private FsStatus Overwrite(IMountedTree tree, ContainerChanges changes, ReadOnlySpan<NameId> components, ContainerOperation.Overwrite overwrite)
    {
        if (!tree.TryStat(components, out _))
            return FsStatus.NotFound;
        FsStatus status = tree.OpenForWriting(components, truncate: false, out InodeId file);
        if (status != FsStatus.Ok)
            return status;
        changes.RecordWrite(components, existedBefore: true);
        foreach (long offsetBytes in overwrite.OffsetsBytes)
        {
            status = Write(tree, file, offsetBytes, overwrite.BlockBytes);
            if (status == FsStatus.Ok && overwrite.Fsync == FsyncPolicy.Each)
                status = tree.FileSystem.Fsync(file);
            if (status != FsStatus.Ok)
                return status;
        }

        return overwrite.Fsync == FsyncPolicy.End ? tree.FileSystem.Fsync(file) : status;
    }

    private FsStatus CreateMany(IMountedTree tree, ContainerChanges changes, ReadOnlySpan<NameId> top, ContainerOperation.CreateMany many)
    {
        FsStatus status = MakeDirectories(tree, changes, top);
        NameId[] path = [.. top, default, default];
        for (var index = 0; index < many.SizesBytes.Length && status == FsStatus.Ok; index++)
        {
            path[^2] = names.Intern($"d{index % many.SubdirectoryCount}");
            path[^1] = names.Intern($"f{index:D5}");
            if (index < many.SubdirectoryCount)
                status = MakeDirectories(tree, changes, path.AsSpan()[..^1]);
            bool existedBefore = tree.TryStat(path, out _);
            InodeId file = default;
            if (status == FsStatus.Ok)
                status = tree.OpenForWriting(path, truncate: true, out file);
            if (status != FsStatus.Ok)
                break;
            changes.RecordWrite(path, existedBefore);
            if (many.SizesBytes[index] > 0)
                status = Write(tree, file, 0, many.SizesBytes[index]);
            if (status == FsStatus.Ok && many.Fsync == FsyncPolicy.Each)
                status = tree.FileSystem.Fsync(file);
        }

        if (status != FsStatus.Ok || many.Fsync != FsyncPolicy.End)
            return status;
        _ = tree.OpenForReading(top, out InodeId directory);
        return tree.FileSystem.Fsync(directory);
    }

    private static FsStatus Truncate(IMountedTree tree, ContainerChanges changes, ReadOnlySpan<NameId> components, long sizeBytes)
    {
        if (!tree.TryStat(components, out _))
            return FsStatus.NotFound;
        FsStatus status = tree.OpenForWriting(components, truncate: sizeBytes == 0, out InodeId file);
        if (status == FsStatus.Ok)
            status = tree.FileSystem.Truncate(file, sizeBytes);
        if (status == FsStatus.Ok)
            changes.RecordWrite(components, existedBefore: true);
        return status;
    }

    private FsStatus Rename(IMountedTree tree, ContainerChanges changes, ContainerPath path, ContainerPath givenNewPath)
    {
        FsStatus status = _resolution.Resolve(tree, givenNewPath, followsLast: false, out ContainerPath resolved);
        ReadOnlySpan<NameId> newPath = resolved.Components.AsSpan();
        bool existedBefore = tree.TryStat(newPath, out _);
        if (status == FsStatus.Ok)
            status = tree.Rename(path.Components.AsSpan(), newPath);
        if (status != FsStatus.Ok)
            return status;
        changes.RecordDelete(path.Components.AsSpan());
        RecordTree(tree, changes, newPath, existedBefore);
        return status;
    }

    private static void RecordTree(IMountedTree tree, ContainerChanges changes, ReadOnlySpan<NameId> path, bool existedBefore)
    {
        changes.RecordWrite(path, existedBefore);
        foreach (NameId name in tree.List(path))
            RecordTree(tree, changes, [.. path, name], existedBefore: false);
    }

    private static FsStatus MakeDirectories(IMountedTree tree, ContainerChanges changes, ReadOnlySpan<NameId> path)
    {
        for (var depth = 1; depth <= path.Length; depth++)
        {
            ReadOnlySpan<NameId> directory = path[..depth];
            if (tree.TryStat(directory, out InodeStat stat))
            {
                if (stat.Kind != InodeKind.Directory)
                    return FsStatus.NotDirectory;
                continue;
            }

            FsStatus status = tree.MakeDirectory(directory);
            if (status != FsStatus.Ok)
                return status;
            changes.RecordWrite(directory, existedBefore: false);
        }

        return FsStatus.Ok;
    }

    private FsStatus Read(IMountedTree tree, ReadOnlySpan<NameId> path)
    {
        FsStatus status = tree.OpenForReading(path, out InodeId file);
        if (status != FsStatus.Ok)
            return status;
        long sizeBytes = tree.FileSystem.Stat(file).SizeBytes;
        ReadBytes += sizeBytes;
        tree.NoteRead(path);
        return sizeBytes == 0 ? status : tree.FileSystem.Read(file, 0, sizeBytes);
    }

    private FsStatus ReadTree(IMountedTree tree, ReadOnlySpan<NameId> path)
    {
        if (!tree.TryStat(path, out _))
            return FsStatus.NotFound;
        tree.NoteRead(path);
        foreach (NameId name in tree.List(path))
        {
            NameId[] child = [.. path, name];
            _ = tree.TryStat(child, out InodeStat stat);
            FsStatus status = stat.Kind switch
            {
                InodeKind.Directory => ReadTree(tree, child),
                InodeKind.File => Read(tree, child),
                _ => FsStatus.Ok,
            };
            if (status != FsStatus.Ok)
                return status;
        }

        return FsStatus.Ok;
    }
}
