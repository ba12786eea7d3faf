using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Replay;

/// <summary>Runs file operations in a container, as a process would, and keeps the container's list of changes.</summary>
public sealed class ContainerProcess(NameTable names)
{
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
        switch (operation)
        {
            case ContainerOperation.Create create:
                path = create.Path;
                return WriteFile(tree, changes, path, truncate: true, create.LengthBytes, create.ChunkBytes, create.Fsync);
            case ContainerOperation.Append append:
                path = append.Path;
                return WriteFile(tree, changes, path, truncate: false, append.LengthBytes, append.ChunkBytes, append.Fsync);
            case ContainerOperation.Overwrite overwrite:
                path = overwrite.Path;
                return Overwrite(tree, changes, overwrite);
            case ContainerOperation.CreateMany many:
                path = many.Directory;
                return CreateMany(tree, changes, many);
            case ContainerOperation.Copy copy:
                path = copy.Path;
                return Copy(tree, changes, copy);
            case ContainerOperation.Sync:
                path = ContainerPath.Root;
                // sync(2) reports no error, and neither does the command.
                _ = tree.FileSystem.Sync();
                return FsStatus.Ok;
            case ContainerOperation.Truncate truncate:
                path = truncate.Path;
                return Truncate(tree, changes, truncate);
            case ContainerOperation.Rename rename:
                path = rename.Path;
                return Rename(tree, changes, rename);
            case ContainerOperation.Delete delete:
                path = delete.Path;
                return Delete(changes, path, tree.Remove(path.Components.AsSpan()));
            case ContainerOperation.DeleteTree deleteTree:
                path = deleteTree.Path;
                return Delete(changes, path, tree.RemoveTree(path.Components.AsSpan()));
            case ContainerOperation.ChangeMode change:
                path = change.Path;
                return Written(changes, path, existedBefore: true, tree.SetAttributes(path.Components.AsSpan()));
            case ContainerOperation.Link link:
                path = link.Path;
                return Written(changes, link.NewPath, existedBefore: false, tree.Link(path.Components.AsSpan(), link.NewPath.Components.AsSpan()));
            case ContainerOperation.MakeDirectory make:
                path = make.Path;
                return MakeDirectories(tree, changes, path.Components.AsSpan());
            case ContainerOperation.ReadFile read:
                path = read.Path;
                return Read(tree, path.Components.AsSpan());
            case ContainerOperation.ReadTree readTree:
                path = readTree.Path;
                return ReadTree(tree, path.Components.AsSpan());
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, "no such operation");
        }
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
        IMountedTree tree, ContainerChanges changes, ContainerPath path, bool truncate, long lengthBytes, long chunkBytes, FsyncPolicy fsync)
    {
        ReadOnlySpan<NameId> components = path.Components.AsSpan();
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

    private FsStatus Copy(IMountedTree tree, ContainerChanges changes, ContainerOperation.Copy copy)
    {
        long lengthBytes = 0;
        foreach (ContainerPath source in copy.Sources)
        {
            FsStatus status = Read(tree, source.Components.AsSpan());
            if (status != FsStatus.Ok)
                return status;
            _ = tree.TryStat(source.Components.AsSpan(), out InodeStat stat);
            lengthBytes += stat.SizeBytes;
        }

        return WriteFile(tree, changes, copy.Path, truncate: true, lengthBytes, copy.ChunkBytes, copy.Fsync);
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

    private FsStatus Overwrite(IMountedTree tree, ContainerChanges changes, ContainerOperation.Overwrite overwrite)
    {
        ReadOnlySpan<NameId> components = overwrite.Path.Components.AsSpan();
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

    private FsStatus CreateMany(IMountedTree tree, ContainerChanges changes, ContainerOperation.CreateMany many)
    {
        ReadOnlySpan<NameId> top = many.Directory.Components.AsSpan();
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

    private static FsStatus Truncate(IMountedTree tree, ContainerChanges changes, ContainerOperation.Truncate truncate)
    {
        ReadOnlySpan<NameId> components = truncate.Path.Components.AsSpan();
        if (!tree.TryStat(components, out _))
            return FsStatus.NotFound;
        FsStatus status = tree.OpenForWriting(components, truncate: truncate.SizeBytes == 0, out InodeId file);
        if (status == FsStatus.Ok)
            status = tree.FileSystem.Truncate(file, truncate.SizeBytes);
        return Written(changes, truncate.Path, existedBefore: true, status);
    }

    private static FsStatus Rename(IMountedTree tree, ContainerChanges changes, ContainerOperation.Rename rename)
    {
        ReadOnlySpan<NameId> newPath = rename.NewPath.Components.AsSpan();
        bool existedBefore = tree.TryStat(newPath, out _);
        FsStatus status = tree.Rename(rename.Path.Components.AsSpan(), newPath);
        if (status != FsStatus.Ok)
            return status;
        changes.RecordDelete(rename.Path.Components.AsSpan());
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
        return sizeBytes == 0 ? status : tree.FileSystem.Read(file, 0, sizeBytes);
    }

    private FsStatus ReadTree(IMountedTree tree, ReadOnlySpan<NameId> path)
    {
        if (!tree.TryStat(path, out _))
            return FsStatus.NotFound;
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
