using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;

namespace StorageLab.Shell.Host;

/// <summary>The host's file system under /var/lib/docker, by path.</summary>
internal sealed class HostFiles(HostMachine machine)
{
    public const string RootPath = "/var/lib/docker";

    public IFileSystem FileSystem => machine.FileSystem;

    public static bool Holds(string path) => path == RootPath || path.StartsWith(RootPath + "/", StringComparison.Ordinal);

    /// <param name="path">Absolute and resolved.</param>
    public bool TryFind(string path, out InodeId inode)
    {
        inode = FileSystem.Root;
        return path == RootPath || (Holds(path) && machine.Root.TryFind(path.AsSpan(RootPath.Length + 1), out inode));
    }

    /// <summary>A directory's entries by name, in ordinal order.</summary>
    public IEnumerable<(string Name, InodeId Inode)> List(InodeId directory) => FileSystem.List(directory)
        .Select(entry => (Name: machine.Names.NameOf(entry.Name), entry.Inode))
        .OrderBy(entry => entry.Name, StringComparer.Ordinal);
}
