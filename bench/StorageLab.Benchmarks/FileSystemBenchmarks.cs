using System.Globalization;
using BenchmarkDotNet.Attributes;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Benchmarks;

/// <summary>A file system of 100 GiB on a device that does nothing; figures are per file or per request unless the name says otherwise.</summary>
/// <remarks>Each run begins on a copy of a prepared file system, as a snapshot's mount does, so that all begin alike.</remarks>
public class FileSystemBenchmarks
{
    private const long DeviceBytes = 100L << 30;
    private const int FileCount = 20_000;
    private const int FilesPerDirectory = 100;
    private const int FileBytes = 6_000;
    private const int RequestCount = 50_000;
    private const int PieceCount = 10_000;
    private const long BigFileBytes = 8L << 30;

    private NameId[] _names = [];
    private NameId _bigName;
    private long[] _offsets = [];
    private IFileSystem _empty = null!;
    private IFileSystem _full = null!;
    private IFileSystem _fragmented = null!;

    [Params("xfs", "ext4")]
    public string FileSystem { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        NameTable table = new();
        _names = [.. Enumerable.Range(0, FileCount).Select(i => table.Intern(i.ToString("'file'00000", CultureInfo.InvariantCulture)))];
        _bigName = table.Intern("big");
        Random random = new(1);
        _offsets = [.. Enumerable.Range(0, RequestCount).Select(_ => random.NextInt64(BigFileBytes / 4096) * 4096)];
        _empty = FileSystemFormat.Make(FileSystem, new CountingDevice(DeviceBytes), new KernelVersion(6, 1, 0), isBaseDevice: false, [], new VirtualClock());

        _full = Open(_empty);
        CreateFiles(_full);
        InodeId big = CreateBig(_full);
        Must(_full.Write(big, 0, BigFileBytes));
        Must(_full.Unmount());

        _fragmented = Open(_full);
        DeleteEverySecondFile(_fragmented);
        Must(_fragmented.Unmount());
    }

    [Benchmark(OperationsPerInvoke = FileCount)]
    public long Create_and_write_small_files()
    {
        IFileSystem fileSystem = Open(_empty);
        CreateFiles(fileSystem);
        return Close(fileSystem);
    }

    [Benchmark(OperationsPerInvoke = FileCount)]
    public long Delete_small_files()
    {
        IFileSystem fileSystem = Open(_full);
        for (var i = 0; i < FileCount; i += FilesPerDirectory)
            Must(fileSystem.RemoveTree(fileSystem.Root, _names[i]));
        return Close(fileSystem);
    }

    /// <summary>64 KiB at a time, with an fsync every MiB: what a database's log does.</summary>
    [Benchmark(OperationsPerInvoke = RequestCount)]
    public long Extend_a_file()
    {
        const int requestBytes = 64 << 10;
        IFileSystem fileSystem = Open(_empty);
        InodeId file = CreateBig(fileSystem);
        for (long i = 0; i < RequestCount; i++)
        {
            Must(fileSystem.Write(file, i * requestBytes, requestBytes));
            if (i % 16 == 15)
                Must(fileSystem.Fsync(file));
        }
        return Close(fileSystem);
    }

    /// <summary>4 KiB at random places of 8 GiB that are there already.</summary>
    [Benchmark(OperationsPerInvoke = RequestCount)]
    public long Overwrite_a_file_at_random()
    {
        IFileSystem fileSystem = Open(_full);
        _ = fileSystem.TryLookup(fileSystem.Root, _bigName, out InodeId file);
        foreach (long offset in _offsets)
            Must(fileSystem.Write(file, offset, 4096));
        return Close(fileSystem);
    }

    /// <summary>The extent allocator where free space is in thousands of pieces: every second small file is gone, and new ones of another size come.</summary>
    [Benchmark(OperationsPerInvoke = PieceCount)]
    public long Allocate_in_fragmented_space()
    {
        IFileSystem fileSystem = Open(_fragmented);
        for (var i = 0; i < PieceCount; i++)
        {
            NameId directory = _names[i * 2 / FilesPerDirectory * FilesPerDirectory];
            _ = fileSystem.TryLookup(fileSystem.Root, directory, out InodeId parent);
            Must(fileSystem.Create(parent, _names[i * 2 + 1], InodeKind.File, out InodeId file));
            Must(fileSystem.Write(file, 0, FileBytes * 2));
        }
        return Close(fileSystem);
    }

    /// <summary>One fstrim of all 100 GiB with ten thousand holes in them.</summary>
    [Benchmark]
    public long Trim_the_whole_file_system()
    {
        IFileSystem fileSystem = Open(_fragmented);
        Must(fileSystem.Trim(out long trimmedBytes));
        return trimmedBytes + Close(fileSystem);
    }

    /// <summary>A benchmark of calls that fail would be a fast one.</summary>
    private static void Must(FsStatus status)
    {
        if (status != FsStatus.Ok)
            throw new InvalidOperationException($"a call ended with {status}");
    }

    private static IFileSystem Open(IFileSystem prepared)
    {
        IFileSystem copy = prepared.CloneOnto(new CountingDevice(DeviceBytes));
        Must(copy.Mount());
        return copy;
    }

    private static long Close(IFileSystem fileSystem)
    {
        Must(fileSystem.Unmount());
        return fileSystem.Device.Counters.WriteBytes;
    }

    private void CreateFiles(IFileSystem fileSystem)
    {
        InodeId parent = default;
        for (var i = 0; i < FileCount; i++)
        {
            if (i % FilesPerDirectory == 0)
                Must(fileSystem.Create(fileSystem.Root, _names[i], InodeKind.Directory, out parent));
            Must(fileSystem.Create(parent, _names[i], InodeKind.File, out InodeId file));
            Must(fileSystem.Write(file, 0, FileBytes));
        }
    }

    private InodeId CreateBig(IFileSystem fileSystem)
    {
        Must(fileSystem.Create(fileSystem.Root, _bigName, InodeKind.File, out InodeId file));
        return file;
    }

    private void DeleteEverySecondFile(IFileSystem fileSystem)
    {
        InodeId parent = default;
        for (var i = 0; i < FileCount; i++)
        {
            if (i % FilesPerDirectory == 0)
                _ = fileSystem.TryLookup(fileSystem.Root, _names[i], out parent);
            if (i % 2 == 1)
                Must(fileSystem.Unlink(parent, _names[i]));
        }
    }
}
