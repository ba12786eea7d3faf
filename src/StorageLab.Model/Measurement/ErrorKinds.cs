namespace StorageLab.Model.Measurement;

/// <summary>Tells kinds of error by the words that Docker, Go, Python and the kernel use for them.</summary>
public static class ErrorKinds
{
    private static readonly (string Words, ErrorKind Kind)[] Table =
    [
        ("less than minimum required", ErrorKind.MinimumFreeSpace),
        ("no space left on device", ErrorKind.NoSpace),
        ("discard operation is not supported", ErrorKind.NoDiscard),
        ("inappropriate ioctl", ErrorKind.NoDiscard),
        ("conflict", ErrorKind.Conflict),
        ("no such", ErrorKind.NotFound),
        ("input/output error", ErrorKind.IoError),
    ];

    public static ErrorKind Of(string error)
    {
        if (error.Length == 0)
            return ErrorKind.None;
        foreach ((string words, ErrorKind kind) in Table)
        {
            if (error.Contains(words, StringComparison.OrdinalIgnoreCase))
                return kind;
        }

        return ErrorKind.Other;
    }
}
