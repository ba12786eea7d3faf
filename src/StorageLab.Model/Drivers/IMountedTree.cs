using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Drivers;

/// <summary>A layer's files as a process sees them once the driver has mounted it: the thin device's file system, or the overlay's merged tree.</summary>
/// <remarks>Paths are absolute within the tree. A file is opened by path and worked on by the inode it had then, as a process does
/// with a descriptor: what is written after a copy-up goes to the copy only if it was opened for writing.</remarks>
public interface IMountedTree
{
    /// <summary>The file system that takes the writes.</summary>
    IFileSystem FileSystem { get; }

    bool TryStat(ReadOnlySpan<NameId> path, out InodeStat stat);

    /// <summary>Names in a directory, merged; empty when there is none at the path.</summary>
    IReadOnlyList<NameId> List(ReadOnlySpan<NameId> path);

    /// <summary>Opens an existing file for reading.</summary>
    FsStatus OpenForReading(ReadOnlySpan<NameId> path, out InodeId file);

    /// <summary>Opens a file for writing and makes it if missing; an overlay copies a lower file up first.</summary>
    /// <param name="truncate">O_TRUNC: the old content goes, so a copy-up needs not bring it.</param>
    FsStatus OpenForWriting(ReadOnlySpan<NameId> path, bool truncate, out InodeId file);

    FsStatus MakeDirectory(ReadOnlySpan<NameId> path);

    FsStatus Remove(ReadOnlySpan<NameId> path);

    FsStatus RemoveTree(ReadOnlySpan<NameId> path);

    FsStatus Rename(ReadOnlySpan<NameId> path, ReadOnlySpan<NameId> newPath);

    FsStatus Link(ReadOnlySpan<NameId> path, ReadOnlySpan<NameId> newPath);

    FsStatus CreateSymlink(ReadOnlySpan<NameId> path, LinkTarget target);

    /// <summary>readlink(2); false when there is no symbolic link at the path.</summary>
    bool TryReadLink(ReadOnlySpan<NameId> path, out LinkTarget target);

    FsStatus SetAttributes(ReadOnlySpan<NameId> path);

    /// <summary>Notes that a process has read a file, or listed a directory, as <see cref="IFileSystem.NoteRead"/> has it; nothing at the path is no
    /// error. Following a link with <see cref="TryReadLink"/> notes that by itself.</summary>
    void NoteRead(ReadOnlySpan<NameId> path);

    /// <summary>Whether a quota on the tree lets it grow by so many bytes: Ok, or NoSpace as an xfs project quota says it.</summary>
    FsStatus CheckQuota(long growthBytes);

    /// <summary>FITRIM on the tree's root.</summary>
    FsStatus Trim(out long trimmedBytes);
}
