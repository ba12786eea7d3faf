using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StorageLab.Host.Docker;

/// <summary>System calls of a container's files that neither the runtime nor Mono.Posix has.</summary>
internal static class LinuxCalls
{
    private const string C = "libc";

    [DllImport(C, SetLastError = true)]
    public static extern int openat(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mode);

    [DllImport(C, SetLastError = true, EntryPoint = "syscall")]
    public static extern long openat2(long number, int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, ref OpenHow how, nuint size);

    [DllImport(C, SetLastError = true)]
    public static extern int mkdirat(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    [DllImport(C, SetLastError = true)]
    public static extern int unlinkat(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport(C, SetLastError = true)]
    public static extern int renameat(
        int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int newDirectory, [MarshalAs(UnmanagedType.LPUTF8Str)] string newPath);

    [DllImport(C, SetLastError = true)]
    public static extern int linkat(
        int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int newDirectory, [MarshalAs(UnmanagedType.LPUTF8Str)] string newPath, int flags);

    [DllImport(C, SetLastError = true)]
    public static extern int ioctl(SafeFileHandle file, ulong request, ref TrimRange range);

    [DllImport(C)]
    public static extern void sync();

    [DllImport(C)]
    public static extern uint geteuid();
}
