using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Mono.Unix.Native;

namespace StorageLab.Host.Docker;

/// <summary>The root directory of a running container, reached through its process: paths in it are resolved as its own processes would.</summary>
/// <remarks>An absolute symbolic link inside a container must not lead to the host's file of that name, so every path goes through
/// openat2(2) with RESOLVE_IN_ROOT, which Linux has since 5.6.</remarks>
internal sealed class ContainerRoot : IDisposable
{
    private const int AtCurrentDirectory = -100;
    private const int RemoveDirectory = 0x200;

    private readonly SafeFileHandle _root;

    /// <param name="path">The directory that is the root.</param>
    /// <exception cref="IOException">It is not there, or may not be seen.</exception>
    public ContainerRoot(string path)
    {
        int descriptor = LinuxCalls.openat(AtCurrentDirectory, path, ContainerOpen.Path | ContainerOpen.Directory, 0);
        _root = descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failed(path);
    }

    /// <summary>Where the root of a process is seen from outside.</summary>
    public static string PathOf(long processId) => $"/proc/{processId}/root";

    public void Dispose() => _root.Dispose();

    /// <summary>Opens what a path leads to.</summary>
    /// <param name="path">Absolute, inside the container.</param>
    /// <param name="flags">Of <see cref="ContainerOpen"/>.</param>
    /// <exception cref="IOException">It cannot be opened; the message names the path and the kernel's reason.</exception>
    public SafeFileHandle Open(string path, int flags) =>
        TryOpen(path, flags, out SafeFileHandle? opened) ? opened! : throw Failed(path);

    public bool TryOpen(string path, int flags, out SafeFileHandle? opened)
    {
        OpenHow how = new()
        {
            Flags = (ulong)(flags | ContainerOpen.CloseOnExec),
            Mode = (flags & ContainerOpen.Create) != 0 ? FileMode : 0,
            Resolve = ResolveInRoot,
        };
        long descriptor = LinuxCalls.openat2(OpenAt2, DescriptorOf(_root), path, ref how, (nuint)Marshal.SizeOf<OpenHow>());
        opened = descriptor >= 0 ? new SafeFileHandle((nint)descriptor, ownsHandle: true) : null;
        return opened is not null;
    }

    public bool Exists(string path)
    {
        bool exists = TryOpen(path, ContainerOpen.Path | ContainerOpen.NoFollow, out SafeFileHandle? opened);
        opened?.Dispose();
        return exists;
    }

    /// <summary>mkdir -p.</summary>
    public void MakeDirectories(string path)
    {
        for (int slash = path.IndexOf('/', 1); slash >= 0; slash = path.IndexOf('/', slash + 1))
            MakeDirectory(path[..slash]);
        if (path.Length > 1)
            MakeDirectory(path);
    }

    public void Rename(string path, string newPath)
    {
        using SafeFileHandle from = Parent(path), to = Parent(newPath);
        Check(LinuxCalls.renameat(DescriptorOf(from), NameOf(path), DescriptorOf(to), NameOf(newPath)), path);
    }

    public void Link(string path, string newPath)
    {
        using SafeFileHandle from = Parent(path), to = Parent(newPath);
        Check(LinuxCalls.linkat(DescriptorOf(from), NameOf(path), DescriptorOf(to), NameOf(newPath), 0), path);
    }

    public void Delete(string path)
    {
        using SafeFileHandle parent = Parent(path);
        Check(LinuxCalls.unlinkat(DescriptorOf(parent), NameOf(path), 0), path);
    }

    /// <summary>rm -r; symbolic links in the tree are removed, not followed.</summary>
    public void DeleteTree(string path)
    {
        using SafeFileHandle parent = Parent(path);
        if (TryOpen(path, ContainerOpen.Directory | ContainerOpen.NoFollow, out SafeFileHandle? opened))
        {
            using SafeFileHandle directory = opened!;
            foreach (string entry in Directory.EnumerateFileSystemEntries(PlaceOf(directory)))
                DeleteTree($"{path}/{Path.GetFileName(entry)}");
            Check(LinuxCalls.unlinkat(DescriptorOf(parent), NameOf(path), RemoveDirectory), path);
        }
        else
        {
            Check(LinuxCalls.unlinkat(DescriptorOf(parent), NameOf(path), 0), path);
        }
    }

    /// <summary>chmod: one permission changes, which one does not matter to the storage.</summary>
    public void ChangeMode(string path)
    {
        using SafeFileHandle file = Open(path, ContainerOpen.Path);
        Check(Syscall.stat(PlaceOf(file), out Stat stat), path);
        Check(Syscall.chmod(PlaceOf(file), (stat.st_mode & FilePermissions.ALLPERMS) ^ FilePermissions.S_IXOTH), path);
    }

    /// <summary>Size of the file a path leads to; 0 where there is none.</summary>
    public long SizeBytes(string path)
    {
        if (!TryOpen(path, ContainerOpen.Path | ContainerOpen.NoFollow, out SafeFileHandle? opened))
            return 0;
        using SafeFileHandle file = opened!;
        return Syscall.fstat(DescriptorOf(file), out Stat stat) == 0 && (stat.st_mode & FilePermissions.S_IFMT) == FilePermissions.S_IFREG ? stat.st_size : 0;
    }

    /// <summary>Names in a directory, and whether each is one itself; none for what is no directory.</summary>
    public IEnumerable<(string Path, bool IsDirectory)> List(string path)
    {
        using SafeFileHandle directory = Open(path, ContainerOpen.Directory);
        EnumerationOptions everything = new() { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device };
        foreach (FileSystemInfo entry in new DirectoryInfo(PlaceOf(directory)).EnumerateFileSystemInfos("*", everything))
            yield return ($"{path.TrimEnd('/')}/{entry.Name}", entry is DirectoryInfo);
    }

    /// <summary>FITRIM on the file system of the root.</summary>
    /// <exception cref="IOException">It takes no discards.</exception>
    public void Trim()
    {
        using SafeFileHandle directory = Open("/", ContainerOpen.Directory);
        FileSystemTrim.Trim(directory, "/");
    }

    private void MakeDirectory(string path)
    {
        if (TryOpen(path, ContainerOpen.Path | ContainerOpen.Directory, out SafeFileHandle? known))
        {
            known!.Dispose();
            return;
        }

        using SafeFileHandle parent = Parent(path);
        Check(LinuxCalls.mkdirat(DescriptorOf(parent), NameOf(path), DirectoryMode), path);
    }

    private SafeFileHandle Parent(string path)
    {
        int slash = path.LastIndexOf('/');
        return Open(slash <= 0 ? "/" : path[..slash], ContainerOpen.Path | ContainerOpen.Directory);
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Where this process finds an open file again.</summary>
    private static string PlaceOf(SafeFileHandle handle) => $"/proc/self/fd/{DescriptorOf(handle)}";

    private static int DescriptorOf(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static void Check(int result, string path)
    {
        if (result < 0)
            throw Failed(path);
    }

    private static IOException Failed(string path) => new($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    private const long OpenAt2 = 437;
    private const ulong ResolveInRoot = 0x10;
    private const ulong FileMode = 0x1A4; // 0644
    private const uint DirectoryMode = 0x1ED; // 0755
}
