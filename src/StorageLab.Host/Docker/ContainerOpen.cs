namespace StorageLab.Host.Docker;

/// <summary>Flags of open(2) on x86-64 (include/uapi/asm-generic/fcntl.h).</summary>
internal static class ContainerOpen
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 0x1;
    public const int Create = 0x40;
    public const int Truncate = 0x200;
    public const int Directory = 0x10000;
    public const int NoFollow = 0x20000;
    public const int CloseOnExec = 0x80000;

    /// <summary>The file's place only: it is neither read nor written.</summary>
    public const int Path = 0x200000;
}
