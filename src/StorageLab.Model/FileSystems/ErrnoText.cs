namespace StorageLab.Model.FileSystems;

/// <summary>The texts of errno as Go's syscall package and strerror print them.</summary>
public static class ErrnoText
{
    /// <exception cref="ArgumentOutOfRangeException">The status is <see cref="FsStatus.Ok"/>.</exception>
    public static string Of(FsStatus status) => status switch
    {
        FsStatus.NoSpace => "no space left on device",
        FsStatus.NotFound => "no such file or directory",
        FsStatus.Exists => "file exists",
        FsStatus.NotDirectory => "not a directory",
        FsStatus.IsDirectory => "is a directory",
        FsStatus.NotEmpty => "directory not empty",
        FsStatus.CrossDevice => "invalid cross-device link",
        FsStatus.TooManyLinks => "too many levels of symbolic links",
        FsStatus.FileTooLarge => "file too large",
        FsStatus.IoError => "input/output error",
        FsStatus.ReadOnly => "read-only file system",
        FsStatus.NotSupported => "operation not supported",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "success has no error text"),
    };
}
