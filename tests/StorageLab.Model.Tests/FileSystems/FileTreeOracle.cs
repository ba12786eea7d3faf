using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>A file system as a plain tree of names, kinds and sizes: what any file system must agree with.</summary>
internal sealed class FileTreeOracle
{
    public Node Root { get; } = new(InodeKind.Directory);

    /// <summary>All directories, the root first, in a fixed order.</summary>
    public List<(Node Node, InodeId Inode)> Directories(IFileSystem fileSystem, Func<string, NameId> intern)
    {
        List<(Node, InodeId)> found = [];
        Collect(Root, fileSystem.Root);
        return found;

        void Collect(Node node, InodeId inode)
        {
            found.Add((node, inode));
            foreach ((string name, Node child) in node.Children)
            {
                if (child.Kind == InodeKind.Directory && fileSystem.TryLookup(inode, intern(name), out InodeId childInode))
                    Collect(child, childInode);
            }
        }
    }

    public sealed class Node(InodeKind kind)
    {
        public InodeKind Kind { get; } = kind;

        public long SizeBytes { get; set; }

        public int LinkCount { get; set; } = 1;

        public SortedDictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);
    }
}
