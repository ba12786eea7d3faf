using System.Globalization;
using BenchmarkDotNet.Attributes;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Benchmarks;

/// <summary>overlay2 over eight layers that share their directories, a thousand files in each; figures are per file.</summary>
public class OverlayBenchmarks
{
    private const long DeviceBytes = 100L << 30;
    private const int LayerCount = 8;
    private const int DirectoryCount = 50;
    private const int FilesPerLayer = 1_000;
    private const int FileBytes = 6_000;
    private const int LookupCount = 100_000;

    private static readonly KernelVersion Kernel = new(6, 1, 0);

    private readonly NameTable _names = new();
    private IFileSystem _host = null!;
    private InodeId _upper;
    private InodeId _work;
    private InodeId[] _lowers = [];
    private NameId[][] _lowestFiles = [];
    private OverlayTree _mounted = null!;

    [GlobalSetup]
    public void Prepare()
    {
        _host = FileSystemFormat.Make("xfs", new CountingDevice(DeviceBytes), Kernel, isBaseDevice: false, [], new VirtualClock());
        Must(_host.Mount());
        _upper = MakeDirectory("upper");
        _work = MakeDirectory("work");
        _lowers = [.. Enumerable.Range(0, LayerCount).Select(layer => MakeDirectory(Numbered("lower", layer)))];
        for (var layer = 0; layer < LayerCount; layer++)
            FillLayer(layer);
        _lowestFiles = [.. Enumerable.Range(0, FilesPerLayer).Select(file => PathOf(LayerCount - 1, file))];
        Must(_host.Unmount());
        _mounted = Mount();
    }

    /// <summary>Names that only the lowest layer has, so that every layer is asked.</summary>
    [Benchmark(OperationsPerInvoke = LookupCount)]
    public long Look_up_through_eight_layers()
    {
        long bytes = 0;
        for (var i = 0; i < LookupCount; i++)
        {
            if (!_mounted.TryStat(_lowestFiles[i % FilesPerLayer], out InodeStat stat))
                throw new InvalidOperationException("a file is missing");
            bytes += stat.SizeBytes;
        }
        return bytes;
    }

    [Benchmark(OperationsPerInvoke = DirectoryCount)]
    public long List_a_merged_directory_of_eight_layers()
    {
        long count = 0;
        for (var directory = 0; directory < DirectoryCount; directory++)
            count += _mounted.List([DirectoryName(directory)]).Count;
        return count;
    }

    /// <summary>The first write to a file of an image.</summary>
    [Benchmark(OperationsPerInvoke = FilesPerLayer)]
    public long Copy_up_small_files()
    {
        OverlayTree tree = Mount();
        foreach (NameId[] path in _lowestFiles)
            Must(tree.OpenForWriting(path, truncate: false, out _));
        return Close(tree);
    }

    /// <summary>Deleting a file of an image, which leaves a whiteout.</summary>
    [Benchmark(OperationsPerInvoke = FilesPerLayer)]
    public long Delete_files_of_the_image()
    {
        OverlayTree tree = Mount();
        foreach (NameId[] path in _lowestFiles)
            Must(tree.Remove(path));
        return Close(tree);
    }

    private static void Must(FsStatus status)
    {
        if (status != FsStatus.Ok)
            throw new InvalidOperationException($"a call ended with {status}");
    }

    private static string Numbered(string word, int number) => string.Create(CultureInfo.InvariantCulture, $"{word}{number}");

    private static long Close(OverlayTree tree)
    {
        Must(tree.FileSystem.Unmount());
        return tree.FileSystem.Device.Counters.WriteBytes;
    }

    /// <summary>An overlay on a copy of the host's file system, with nothing in its upper directory.</summary>
    private OverlayTree Mount()
    {
        IFileSystem copy = _host.CloneOnto(new CountingDevice(DeviceBytes));
        Must(copy.Mount());
        return new OverlayTree(copy, _upper, _work, _lowers, Kernel, _names);
    }

    private InodeId MakeDirectory(string name)
    {
        Must(_host.Create(_host.Root, _names.Intern(name), InodeKind.Directory, out InodeId directory));
        return directory;
    }

    private void FillLayer(int layer)
    {
        for (var directory = 0; directory < DirectoryCount; directory++)
        {
            Must(_host.Create(_lowers[layer], DirectoryName(directory), InodeKind.Directory, out InodeId parent));
            for (int file = directory; file < FilesPerLayer; file += DirectoryCount)
            {
                Must(_host.Create(parent, PathOf(layer, file)[1], InodeKind.File, out InodeId inode));
                Must(_host.Write(inode, 0, FileBytes));
            }
        }
    }

    private NameId DirectoryName(int directory) => _names.Intern(Numbered("directory", directory));

    private NameId[] PathOf(int layer, int file) =>
        [DirectoryName(file % DirectoryCount), _names.Intern(Numbered("file", layer * FilesPerLayer + file))];
}
