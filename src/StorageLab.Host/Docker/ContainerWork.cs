using Microsoft.Win32.SafeHandles;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;

namespace StorageLab.Host.Docker;

/// <summary>Does in a running container's files, from outside and as root, what a scenario says its process does: every size, offset and fsync as given.</summary>
/// <param name="rootPath">The container's root as it is seen from outside.</param>
/// <param name="names">The table of the operations' paths.</param>
internal sealed class ContainerWork(string rootPath, NameTable names)
{
    /// <summary>What reading takes at a time.</summary>
    private const int ReadBytes = 1 << 20;

    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);

    /// <summary>Bytes written so far.</summary>
    public long WrittenBytes { get; private set; }

    /// <summary>Files that were written, by path in the container.</summary>
    public IReadOnlyCollection<string> TouchedPaths => _touched;

    /// <exception cref="IOException">An operation failed; those before it are done.</exception>
    public void Do(IEnumerable<ContainerOperation> operations, CancellationToken cancellation)
    {
        using ContainerRoot root = new(rootPath);
        foreach (ContainerOperation operation in operations)
        {
            cancellation.ThrowIfCancellationRequested();
            Do(root, operation);
        }
    }

    private void Do(ContainerRoot root, ContainerOperation operation)
    {
        switch (operation)
        {
            case ContainerOperation.Create create:
                WriteFile(root, Text(create.Path), isNew: true, create.LengthBytes, create.ChunkBytes, create.Fsync);
                break;
            case ContainerOperation.Append append:
                WriteFile(root, Text(append.Path), isNew: false, append.LengthBytes, append.ChunkBytes, append.Fsync);
                break;
            case ContainerOperation.Overwrite overwrite:
                Overwrite(root, overwrite);
                break;
            case ContainerOperation.CreateMany many:
                CreateMany(root, many);
                break;
            case ContainerOperation.Copy copy:
                long lengthBytes = copy.Sources.Sum(source => Read(root, Text(source)));
                WriteFile(root, Text(copy.Path), isNew: true, lengthBytes, copy.ChunkBytes, copy.Fsync);
                break;
            case ContainerOperation.Truncate truncate:
                using (SafeFileHandle file = Open(root, Text(truncate.Path), ContainerOpen.WriteOnly))
                    RandomAccess.SetLength(file, truncate.SizeBytes);
                break;
            case ContainerOperation.Rename rename:
                root.Rename(Text(rename.Path), Text(rename.NewPath));
                _touched.Add(Text(rename.NewPath));
                break;
            case ContainerOperation.Delete delete:
                root.Delete(Text(delete.Path));
                break;
            case ContainerOperation.DeleteTree deleteTree:
                root.DeleteTree(Text(deleteTree.Path));
                break;
            case ContainerOperation.ChangeMode change:
                root.ChangeMode(Text(change.Path));
                _touched.Add(Text(change.Path));
                break;
            case ContainerOperation.Link link:
                root.Link(Text(link.Path), Text(link.NewPath));
                break;
            case ContainerOperation.MakeDirectory make:
                root.MakeDirectories(Text(make.Path));
                break;
            case ContainerOperation.ReadFile read:
                Read(root, Text(read.Path));
                break;
            case ContainerOperation.ReadTree readTree:
                ReadTree(root, Text(readTree.Path));
                break;
            case ContainerOperation.Sync:
                LinuxCalls.sync();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, "no such operation");
        }
    }

    private void WriteFile(ContainerRoot root, string path, bool isNew, long lengthBytes, long chunkBytes, FsyncPolicy fsync)
    {
        root.MakeDirectories(ParentOf(path));
        using SafeFileHandle file = Open(root, path, ContainerOpen.WriteOnly | ContainerOpen.Create | (isNew ? ContainerOpen.Truncate : 0));
        long startBytes = isNew ? 0 : RandomAccess.GetLength(file);
        for (long doneBytes = 0; doneBytes < lengthBytes; doneBytes += chunkBytes)
        {
            Write(file, path, startBytes + doneBytes, Math.Min(chunkBytes, lengthBytes - doneBytes));
            if (fsync == FsyncPolicy.Each)
                RandomAccess.FlushToDisk(file);
        }

        if (fsync == FsyncPolicy.End)
            RandomAccess.FlushToDisk(file);
    }

    private void Overwrite(ContainerRoot root, ContainerOperation.Overwrite overwrite)
    {
        string path = Text(overwrite.Path);
        using SafeFileHandle file = Open(root, path, ContainerOpen.WriteOnly);
        foreach (long offsetBytes in overwrite.OffsetsBytes)
        {
            Write(file, path, offsetBytes, overwrite.BlockBytes);
            if (overwrite.Fsync == FsyncPolicy.Each)
                RandomAccess.FlushToDisk(file);
        }

        if (overwrite.Fsync == FsyncPolicy.End)
            RandomAccess.FlushToDisk(file);
    }

    private void CreateMany(ContainerRoot root, ContainerOperation.CreateMany many)
    {
        string top = Text(many.Directory);
        root.MakeDirectories(top);
        for (var index = 0; index < many.SizesBytes.Length; index++)
        {
            string directory = $"{top}/d{index % many.SubdirectoryCount}";
            if (index < many.SubdirectoryCount)
                root.MakeDirectories(directory);
            string path = $"{directory}/f{index:D5}";
            using SafeFileHandle file = Open(root, path, ContainerOpen.WriteOnly | ContainerOpen.Create | ContainerOpen.Truncate);
            Write(file, path, 0, many.SizesBytes[index]);
            if (many.Fsync == FsyncPolicy.Each)
                RandomAccess.FlushToDisk(file);
        }

        if (many.Fsync != FsyncPolicy.End)
            return;
        using SafeFileHandle whole = root.Open(top, ContainerOpen.Directory);
        RandomAccess.FlushToDisk(whole);
    }

    private SafeFileHandle Open(ContainerRoot root, string path, int flags)
    {
        SafeFileHandle file = root.Open(path, flags);
        _touched.Add(path);
        return file;
    }

    /// <summary>One write(2) of a scenario is one here too.</summary>
    private void Write(SafeFileHandle file, string path, long offsetBytes, long countBytes)
    {
        if (countBytes == 0)
            return;
        var buffer = new byte[countBytes];
        FileContent.Fill(path, offsetBytes, buffer);
        RandomAccess.Write(file, buffer, offsetBytes);
        WrittenBytes += countBytes;
    }

    private static long Read(ContainerRoot root, string path)
    {
        using SafeFileHandle file = root.Open(path, ContainerOpen.ReadOnly);
        var buffer = new byte[ReadBytes];
        long doneBytes = 0;
        for (int count; (count = RandomAccess.Read(file, buffer, doneBytes)) > 0;)
            doneBytes += count;
        return doneBytes;
    }

    private static void ReadTree(ContainerRoot root, string path)
    {
        foreach ((string entry, bool isDirectory) in root.List(path))
        {
            if (isDirectory)
                ReadTree(root, entry);
            else
                _ = Read(root, entry);
        }
    }

    private string Text(ContainerPath path) => path.ToString(names);

    private static string ParentOf(string path) => path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "/";
}
