using Mono.Unix.Native;

namespace StorageLab.Host.Docker;

/// <summary>What a folder holds of its file system, as <c>du -x</c> counts it: a file with several names once, nothing of other file systems.</summary>
internal static class FolderUse
{
    private const int BlockBytes = 512;

    /// <returns>Allocated bytes and inodes, the folder's own among them; nothing where there is no folder.</returns>
    /// <remarks>What goes away while it is counted is not counted.</remarks>
    public static (long AllocatedBytes, long Inodes) Of(string folder)
    {
        (long allocatedBytes, long inodes) = (0, 0);
        if (Syscall.lstat(folder, out Stat top) != 0)
            return (0, 0);
        HashSet<ulong> severalNames = [];
        Stack<string> left = new([folder]);
        while (left.TryPop(out string? path))
        {
            if (Syscall.lstat(path, out Stat stat) != 0 || stat.st_dev != top.st_dev)
                continue;
            bool isFolder = (stat.st_mode & FilePermissions.S_IFMT) == FilePermissions.S_IFDIR;
            if (!isFolder && stat.st_nlink > 1 && !severalNames.Add(stat.st_ino))
                continue;
            allocatedBytes += stat.st_blocks * BlockBytes;
            inodes++;
            if (!isFolder)
                continue;
            try
            {
                foreach (string entry in Directory.EnumerateFileSystemEntries(path, "*", Everything))
                    left.Push(entry);
            }
            catch (DirectoryNotFoundException)
            {
                // Docker removed it in the meantime.
            }
        }

        return (allocatedBytes, inodes);
    }

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };
}
