using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Drivers;

/// <summary>What the kernel does on its own for all file systems that are mounted on a host, in the order it falls due.</summary>
public sealed class BackgroundWork(VirtualClock clock)
{
    private readonly List<Mount> _mounts = [];

    /// <summary>A file system was mounted now.</summary>
    public void Begin(IFileSystem fileSystem)
    {
        if (fileSystem.RunBackground(clock) is { } due)
            _mounts.Add(new Mount(fileSystem, due));
    }

    /// <summary>A file system was unmounted.</summary>
    public void End(IFileSystem fileSystem) => _mounts.RemoveAll(mount => mount.FileSystem == fileSystem);

    /// <summary>Does all that falls due until a moment, and lets the clock come to it.</summary>
    public void RunUntil(long nanoseconds)
    {
        while (_mounts.Count > 0)
        {
            int next = 0;
            for (var index = 1; index < _mounts.Count; index++)
            {
                if (_mounts[index].DueNanoseconds < _mounts[next].DueNanoseconds)
                    next = index;
            }

            Mount mount = _mounts[next];
            if (mount.DueNanoseconds > nanoseconds)
                break;
            clock.AdvanceTo(mount.DueNanoseconds);
            if (mount.FileSystem.RunBackground(clock) is { } due)
                _mounts[next] = mount with { DueNanoseconds = due };
            else
                _mounts.RemoveAt(next);
        }

        clock.AdvanceTo(nanoseconds);
    }

    private readonly record struct Mount(IFileSystem FileSystem, long DueNanoseconds);
}
