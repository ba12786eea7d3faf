using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Drivers;

/// <summary>What <c>du -s</c> and <c>du -s --inodes</c> say of a directory.</summary>
/// <param name="AllocatedBytes">Sum of <c>st_blocks * 512</c>; blocks shared by reflinks count once per file, as du counts them.</param>
/// <param name="InodeCount">Inodes, each hard-linked file once.</param>
public readonly record struct DirectoryUsage(long AllocatedBytes, long InodeCount)
{
    public static DirectoryUsage operator +(DirectoryUsage left, DirectoryUsage right) =>
        new(left.AllocatedBytes + right.AllocatedBytes, left.InodeCount + right.InodeCount);

    public static DirectoryUsage operator -(DirectoryUsage left, DirectoryUsage right) =>
        new(left.AllocatedBytes - right.AllocatedBytes, left.InodeCount - right.InodeCount);

    /// <summary>Walks the tree under an inode, itself included.</summary>
    public static DirectoryUsage Of(IFileSystem fileSystem, InodeId top)
    {
        DirectoryUsage usage = default;
        HashSet<InodeId>? linked = null;
        Stack<InodeId> pending = new();
        pending.Push(top);
        while (pending.TryPop(out InodeId inode))
        {
            InodeStat stat = fileSystem.Stat(inode);
            if (stat.Kind == InodeKind.Directory)
            {
                foreach (DirectoryEntry entry in fileSystem.List(inode))
                    pending.Push(entry.Inode);
            }
            else if (stat.LinkCount > 1 && !(linked ??= []).Add(inode))
            {
                continue;
            }

            usage += new DirectoryUsage(stat.AllocatedBytes, 1);
        }

        return usage;
    }
}
