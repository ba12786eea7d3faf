using System.Text;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Docker.Processes;

/// <summary>A running container's files as its processes see them: its own layer, and volumes where they are mounted.</summary>
/// <param name="texts">Short texts that the container's processes wrote, by path: of all else the lab knows sizes, not contents.</param>
internal sealed class ContainerFiles(Container container, ContainerProcess process, NameTable names, Dictionary<string, string> texts) : IShellFiles
{
    /// <summary>What a shell or cat writes at a time (libbb/copyfd.c, COPYBUF).</summary>
    public const long ChunkBytes = 64 << 10;

    private readonly PathResolution _paths = new(names);
    /// <summary>Characters of a text that is kept.</summary>
    private const int TextLengthMax = 64 << 10;

    private readonly ContainerChanges _ofVolumes = new();

    public bool IsDirectory(string path) => TryStat(path, out InodeStat stat) && stat.Kind == InodeKind.Directory;

    public bool IsFile(string path) => TryStat(path, out InodeStat stat) && stat.Kind != InodeKind.Directory;

    public bool TryStat(string path, out InodeStat stat)
    {
        stat = default;
        (IMountedTree tree, _, string inner) = Locate(path);
        return HasFittingNames(path) && _paths.Resolve(tree, PathOf(inner), followsLast: true, out ContainerPath resolved) == FsStatus.Ok
            && tree.TryStat(resolved.Components.AsSpan(), out stat);
    }

    public bool TryRead(string path, out string text)
    {
        text = texts.GetValueOrDefault(path, "");
        return path == "/dev/null" || (IsFile(path) && Do(path, inner => new ContainerOperation.ReadFile(PathOf(inner))) is null);
    }

    public string? Write(string path, string text)
    {
        if (IsDevice(path))
            return null;
        string? error = WriteBytes(path, Encoding.UTF8.GetByteCount(text), ChunkBytes, FsyncPolicy.Never);
        if (error is null && text.Length <= TextLengthMax)
            texts[path] = text;
        return error;
    }

    public string? Append(string path, string text)
    {
        if (IsDevice(path))
            return null;
        string? before = IsFile(path) ? texts.GetValueOrDefault(path) : "";
        string? error = MissingParent(path)
            ?? Do(path, inner => new ContainerOperation.Append(PathOf(inner), Encoding.UTF8.GetByteCount(text), ChunkBytes, FsyncPolicy.Never));
        if (error is null && before is not null && before.Length + text.Length <= TextLengthMax)
            texts[path] = before + text;
        return error;
    }

    /// <summary>Writes a file of so many bytes.</summary>
    public string? WriteBytes(string path, long lengthBytes, long chunkBytes, FsyncPolicy fsync) => IsDevice(path)
        ? null
        : MissingParent(path) ?? Do(path, inner => new ContainerOperation.Create(PathOf(inner), lengthBytes, chunkBytes, fsync));

    public string? MakeDirectory(string path) => Do(path, inner => new ContainerOperation.MakeDirectory(PathOf(inner)));

    public bool Remove(string path) => Do(path, inner => new ContainerOperation.DeleteTree(PathOf(inner))) is null;

    public IEnumerable<string> NamesIn(string directory)
    {
        (IMountedTree tree, _, string inner) = Locate(directory);
        return HasFittingNames(directory) && _paths.Resolve(tree, PathOf(inner), followsLast: true, out ContainerPath resolved) == FsStatus.Ok
            ? tree.List(resolved.Components.AsSpan()).Select(names.NameOf).Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary>Does something to a path, in the tree that holds it.</summary>
    /// <param name="operation">Makes the operation of the path within that tree.</param>
    /// <returns>The errno text of what stands in the way; null when it was done.</returns>
    public string? Do(string path, Func<string, ContainerOperation> operation)
    {
        if (!HasFittingNames(path))
            return "File name too long";
        (IMountedTree tree, ContainerChanges changes, string inner) = Locate(path);
        ContainerOperation done = operation(inner);
        FsStatus status = process.Run(tree, changes, [done], out _);
        if (done is not (ContainerOperation.ReadFile or ContainerOperation.ReadTree or ContainerOperation.ChangeMode or ContainerOperation.Link or ContainerOperation.Sync))
            texts.Remove(path);
        return status == FsStatus.Ok ? null : Capitalized(ErrnoText.Of(status));
    }

    public ContainerPath PathOf(string path) => ContainerPath.Parse(names, path);

    /// <summary>What is a device that takes everything and keeps nothing.</summary>
    private static bool IsDevice(string path) => path is "/dev/null" or "/dev/stdout" or "/dev/stderr" or "/dev/tty";

    private static bool HasFittingNames(string path) =>
        path.Split('/').All(name => Encoding.UTF8.GetByteCount(name) <= NameTable.NameLengthBytesMax && !name.Contains('\0'));

    private string? MissingParent(string path) =>
        IsDirectory(path[..Math.Max(1, path.LastIndexOf('/'))]) ? null : Capitalized(ErrnoText.Of(FsStatus.NotFound));

    private (IMountedTree Tree, ContainerChanges Changes, string Inner) Locate(string path)
    {
        foreach (VolumeMount mount in container.Volumes)
        {
            string at = mount.Path.ToString(names);
            if (path == at || path.StartsWith(at + "/", StringComparison.Ordinal))
                return (mount.Volume.Files, _ofVolumes, path.Length == at.Length ? "/" : path[at.Length..]);
        }

        return (container.Tree!, container.Changes, path);
    }

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
