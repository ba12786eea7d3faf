using System.Runtime.InteropServices;

namespace StorageLab.Host.Docker;

/// <summary>struct fstrim_range (include/uapi/linux/fs.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TrimRange
{
    public ulong Start;
    public ulong Length;
    public ulong SmallestExtent;
}
