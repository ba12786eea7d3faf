using StorageLab.Model.Blocks;
using StorageLab.Model.Images;

namespace StorageLab.Model.FileSystems;

/// <summary>A file system on a block device: xfs or ext4, as a host's disk or inside a thin device.</summary>
/// <remarks>
/// Writes are buffered: blocks are chosen and written when the kernel would do it (fsync, sync, unmount, write-back), and a failure
/// of the device below shows there. Calls that take a directory and a name never follow symbolic links.
/// A call that fails leaves names and sizes as they were.
/// </remarks>
public interface IFileSystem
{
    /// <summary>"xfs" or "ext4".</summary>
    string TypeName { get; }

    IBlockDevice Device { get; }

    InodeId Root { get; }

    bool IsMounted { get; }

    FsUsage Usage { get; }

    /// <summary>File content held in the page cache for this mount, in bytes: grows with reads and writes, ends with the mount.</summary>
    long CachedBytes { get; }

    /// <summary>Bytes that files hold of blocks which another file holds, too: each file counts them, as du does, and the disk has them once.</summary>
    long SharedBytes { get; }

    /// <summary>Whether a file can share another's blocks until one of them is written (xfs with reflink=1).</summary>
    bool SupportsReflink { get; }

    /// <summary>Largest piece of a buffered write that is taken or refused as a whole, in bytes: how far a write gets on a full disk.</summary>
    long WriteUnitBytes { get; }

    /// <summary>Mounts, with the reads and writes that costs on the device (log recovery, clearing of stale log blocks, superblock).</summary>
    /// <param name="discardsFreed">Mount option discard: what is freed is discarded once its transaction is on the disk, run by run as it was
    /// freed. Without effect on a device that takes no discards.</param>
    FsStatus Mount(bool discardsFreed = false);

    /// <summary>Writes back everything, leaves a clean log and detaches.</summary>
    FsStatus Unmount();

    /// <summary>
    /// The same file system seen through a snapshot of its device. The two part on the first change to either.
    /// The copy is unmounted; if the original is mounted, what it had not yet written is not in the copy's future, only its state is.
    /// </summary>
    /// <remarks>Cost: proportional to the number of state pages, not to the number of files.</remarks>
    IFileSystem CloneOnto(IBlockDevice device);

    bool TryLookup(InodeId directory, NameId name, out InodeId inode);

    InodeStat Stat(InodeId inode);

    /// <summary>The directory's names, in order of creation; empty for anything but a directory.</summary>
    IEnumerable<DirectoryEntry> List(InodeId directory);

    /// <summary>FIEMAP: where a file's blocks lie on the device, in the order of the file; what is not placed yet is left out.</summary>
    IEnumerable<FileRun> MapFile(InodeId file);

    /// <summary>Makes an empty file, a directory or a special inode.</summary>
    FsStatus Create(InodeId directory, NameId name, InodeKind kind, out InodeId inode);

    FsStatus CreateSymlink(InodeId directory, NameId name, LinkTarget target, out InodeId inode);

    /// <summary>readlink(2).</summary>
    /// <exception cref="ArgumentException">The inode is no symbolic link.</exception>
    LinkTarget ReadLink(InodeId inode);

    FsStatus Link(InodeId directory, NameId name, InodeId inode);

    /// <summary>Removes a name; for a directory it must be empty. The inode's blocks are freed with its last name.</summary>
    FsStatus Unlink(InodeId directory, NameId name);

    /// <summary>rm -rf.</summary>
    FsStatus RemoveTree(InodeId directory, NameId name);

    /// <summary>rename(2): an existing target (file, or empty directory) is replaced.</summary>
    FsStatus Rename(InodeId directory, NameId name, InodeId newDirectory, NameId newName);

    /// <summary>Buffered write; extends the file when it ends beyond its size.</summary>
    FsStatus Write(InodeId file, long offsetBytes, long lengthBytes);

    FsStatus Read(InodeId file, long offsetBytes, long lengthBytes);

    /// <summary>Notes that a file's content or a directory's names were read: the time of the first read after a change is logged.</summary>
    /// <remarks>What mounts do by default, relatime (fs/inode.c, relatime_need_update). <see cref="Read"/> and <see cref="List"/> leave it to their
    /// caller, because not everything that looks is a process on this mount.</remarks>
    void NoteRead(InodeId inode);

    /// <summary>Notes that every directory was listed, as a walk of the whole tree does; the root's names may be left out.</summary>
    void NoteWalk();

    FsStatus Truncate(InodeId file, long sizeBytes);

    /// <summary>fallocate(PUNCH_HOLE | KEEP_SIZE): gives back the whole blocks in the range. Takes effect at once, as in the kernel.</summary>
    FsStatus PunchHole(InodeId file, long offsetBytes, long lengthBytes);

    /// <summary>FICLONE: makes <paramref name="target"/>, empty so far, share all blocks of <paramref name="source"/>.</summary>
    FsStatus Reflink(InodeId source, InodeId target);

    /// <summary>chmod, chown or utimes: the inode is logged, no data moves.</summary>
    FsStatus SetAttributes(InodeId inode);

    /// <summary>Adds extended attributes to an inode; ones it has already are written again.</summary>
    FsStatus SetExtendedAttributes(InodeId inode, ExtendedAttributes attributes);

    ExtendedAttributes GetExtendedAttributes(InodeId inode);

    FsStatus Fsync(InodeId inode);

    /// <summary>fdatasync(2): as fsync, but times alone are not made durable.</summary>
    FsStatus Fdatasync(InodeId inode);

    /// <summary>sync(2) for this file system: all data written, log forced, device flushed.</summary>
    FsStatus Sync();

    /// <summary>What <c>echo 3 > /proc/sys/vm/drop_caches</c> does to this mount: clean pages go, and unused inodes.</summary>
    FsStatus DropCaches();

    /// <summary>Does what the kernel does on its own for a mounted file system, if the clock says that it is due.</summary>
    /// <returns>When to ask again, in nanoseconds of the clock; null when there is nothing more to do in this mount.</returns>
    long? RunBackground(VirtualClock clock);

    /// <summary>FITRIM: discards every free extent the file system deems worth it.</summary>
    /// <param name="trimmedBytes">Bytes of free space offered to the device: what <c>fstrim -v</c> prints.</param>
    FsStatus Trim(out long trimmedBytes);

    /// <summary>Checks that the state agrees with itself (every block owned once, counters equal sums); throws
    /// <see cref="InvalidOperationException"/> naming the first thing that does not. For tests.</summary>
    void CheckInvariants();
}
