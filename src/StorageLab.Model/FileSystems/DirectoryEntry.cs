using StorageLab.Model.Images;

namespace StorageLab.Model.FileSystems;

/// <summary>One name in a directory.</summary>
public readonly record struct DirectoryEntry(NameId Name, InodeId Inode);
