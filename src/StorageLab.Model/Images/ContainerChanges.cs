using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Images;

/// <summary>What a container's processes have changed against its image: the answer to <c>docker diff</c> and the content of a commit.</summary>
/// <remarks>The drivers find the same by comparing trees; keeping it as it happens is cheaper and says the same for all of them.</remarks>
public sealed class ContainerChanges
{
    private readonly Node _root = new(default, existsInImage: true);
    private long? _bytes;

    /// <summary>Grows with every change; where it is the same, so are the contents.</summary>
    public long Version { get; private set; }

    public bool IsEmpty => _root.Children.Count == 0;

    /// <summary>A path was created or changed.</summary>
    /// <param name="existedBefore">Whether there was something at the path before the change.</param>
    public void RecordWrite(ReadOnlySpan<NameId> path, bool existedBefore)
    {
        _bytes = null;
        Version++;
        Node node = _root;
        for (var depth = 0; depth < path.Length; depth++)
        {
            bool isLast = depth == path.Length - 1;
            if (!node.Children.TryGetValue(path[depth], out Node? child))
            {
                child = new Node(path[depth], existsInImage: !isLast || existedBefore);
                node.Children.Add(path[depth], child);
            }

            child.IsDeleted = false;
            node = child;
        }
    }

    /// <summary>A path, with all under it, is gone.</summary>
    public void RecordDelete(ReadOnlySpan<NameId> path)
    {
        RecordWrite(path, existedBefore: true);
        Node parent = _root;
        for (var depth = 0; depth < path.Length - 1; depth++)
            parent = parent.Children[path[depth]];
        Node node = parent.Children[path[^1]];
        if (!node.ExistsInImage)
        {
            parent.Children.Remove(path[^1]);
            return;
        }

        node.IsDeleted = true;
        node.Children.Clear();
    }

    /// <summary>Sizes of the files that were written and are still there, hard-linked ones once, in bytes: the size <c>docker ps -s</c> shows.</summary>
    public long MeasureBytes(IMountedTree tree)
    {
        if (_bytes is { } known)
            return known;
        long bytes = 0;
        HashSet<InodeId> linked = [];
        Walk(_root, [], (path, node) =>
        {
            if (!node.IsDeleted && tree.TryStat(path, out InodeStat stat) && stat.Kind == InodeKind.File
                && (stat.LinkCount < 2 || (tree.OpenForReading(path, out InodeId inode) == FsStatus.Ok && linked.Add(inode))))
            {
                bytes += stat.SizeBytes;
            }
        });
        _bytes = bytes;
        return bytes;
    }

    /// <summary>The changes, A for what is new, C for what was changed, D for what is gone: in every directory by name, what is gone last.</summary>
    public IEnumerable<(char Kind, string Path)> List(NameTable names) => List(_root, "", names);

    /// <summary>The layer that a commit makes of the changes, in path order as Docker's archive has it; the files in it are read.</summary>
    public LayerContent ToLayer(IMountedTree tree, NameTable names)
    {
        LayerContentBuilder builder = new(names);
        Dictionary<InodeId, string> firstPaths = [];
        Walk(_root, [], (path, node) =>
        {
            string text = string.Join('/', path.Select(names.NameOf));
            if (node.IsDeleted)
                builder.Add(text, LayerEntryKind.Whiteout, 0);
            else if (tree.TryStat(path, out InodeStat stat))
                AddEntry(builder, tree, path, text, stat, names, firstPaths);
        }, names);
        return builder.Build();
    }

    private static IEnumerable<(char Kind, string Path)> List(Node node, string path, NameTable names)
    {
        foreach (Node child in node.Children.Values.OrderBy(child => child.IsDeleted).ThenBy(child => names.NameOf(child.Name), StringComparer.Ordinal))
        {
            string childPath = $"{path}/{names.NameOf(child.Name)}";
            yield return (child.IsDeleted ? 'D' : child.ExistsInImage ? 'C' : 'A', childPath);
            foreach ((char Kind, string Path) below in List(child, childPath, names))
                yield return below;
        }
    }

    private static void AddEntry(
        LayerContentBuilder builder, IMountedTree tree, NameId[] path, string text, InodeStat stat, NameTable names, Dictionary<InodeId, string> firstPaths)
    {
        if (stat.Kind == InodeKind.File)
            tree.NoteRead(path);
        switch (stat.Kind)
        {
            case InodeKind.Directory:
                builder.Add(text, LayerEntryKind.Directory, 0);
                break;
            case InodeKind.Symlink:
                _ = tree.TryReadLink(path, out LinkTarget target);
                builder.AddSymlink(text, names.TextOf(target));
                break;
            case InodeKind.File when stat.LinkCount > 1 && tree.OpenForReading(path, out InodeId inode) == FsStatus.Ok:
                if (firstPaths.TryGetValue(inode, out string? first))
                {
                    builder.AddHardLink(text, first);
                    break;
                }

                firstPaths.Add(inode, text);
                builder.Add(text, LayerEntryKind.File, stat.SizeBytes);
                break;
            case InodeKind.File:
                builder.Add(text, LayerEntryKind.File, stat.SizeBytes);
                break;
            default:
                builder.Add(text, LayerEntryKind.Special, 0);
                break;
        }
    }

    /// <param name="names">Given to visit children in the order of their names; without it their order is that of the changes.</param>
    private static void Walk(Node node, NameId[] path, Action<NameId[], Node> visit, NameTable? names = null)
    {
        IEnumerable<Node> children = names is null
            ? node.Children.Values
            : node.Children.Values.OrderBy(child => names.NameOf(child.Name), StringComparer.Ordinal);
        foreach (Node child in children)
        {
            NameId[] childPath = [.. path, child.Name];
            visit(childPath, child);
            Walk(child, childPath, visit, names);
        }
    }

    private sealed class Node(NameId name, bool existsInImage)
    {
        public NameId Name { get; } = name;

        public bool ExistsInImage { get; } = existsInImage;

        public bool IsDeleted { get; set; }

        public Dictionary<NameId, Node> Children { get; } = [];
    }
}
