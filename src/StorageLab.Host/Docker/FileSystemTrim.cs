using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StorageLab.Host.Docker;

/// <summary>fstrim: the ioctl on an open directory.</summary>
/// <remarks>fstrim(8) on <c>/proc/PID/root</c> resolves the link and trims the host's own root instead (recorded runs).</remarks>
internal static class FileSystemTrim
{
    /// <summary>FITRIM: _IOWR('X', 121, struct fstrim_range).</summary>
    private const ulong Fitrim = 0xC0185879;

    /// <param name="directory">Open, on the file system that is meant.</param>
    /// <param name="path">Its name for messages.</param>
    /// <exception cref="IOException">The file system or what lies below takes no discards.</exception>
    public static void Trim(SafeFileHandle directory, string path)
    {
        TrimRange range = new() { Length = ulong.MaxValue };
        if (LinuxCalls.ioctl(directory, Fitrim, ref range) >= 0)
            return;
        int error = Marshal.GetLastPInvokeError();
        throw new IOException(error is NotSupported or NoSuchIoctl
            ? $"fstrim: {path}: the discard operation is not supported"
            : $"fstrim: {path}: FITRIM ioctl failed: {new Win32Exception(error).Message}");
    }

    private const int NotSupported = 95;
    private const int NoSuchIoctl = 25;
}
