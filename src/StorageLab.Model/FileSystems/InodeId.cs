namespace StorageLab.Model.FileSystems;

/// <summary>An inode of one file system: a dense index, not the number on the disk. <c>default</c> (0) is no inode.</summary>
public readonly record struct InodeId(int Index)
{
    public bool IsNone => Index == 0;
}
