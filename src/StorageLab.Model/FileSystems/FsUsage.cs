namespace StorageLab.Model.FileSystems;

/// <summary>What statfs(2) says of a file system.</summary>
/// <param name="TotalBytes"><c>f_blocks * f_frsize</c>.</param>
/// <param name="UsedBytes"><c>(f_blocks - f_bfree) * f_frsize</c>: what <c>df</c> shows as used.</param>
/// <param name="TotalInodeCount"><c>f_files</c>.</param>
/// <param name="UsedInodeCount"><c>f_files - f_ffree</c>.</param>
public readonly record struct FsUsage(long TotalBytes, long UsedBytes, long TotalInodeCount, long UsedInodeCount)
{
    public long FreeBytes => TotalBytes - UsedBytes;
}
