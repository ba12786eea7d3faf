using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;
using StorageLab.Model.FileSystems.Xfs;
using StorageLab.Model.Images;
using StorageLab.Model.Tests.ThinProvisioning;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>What the kernel writes back by itself as time passes.</summary>
public sealed class FlusherTests
{
    private const long Second = 1_000_000_000;
    private const long FileBytes = 100 << 10;

    private readonly NameTable _names = new();
    private readonly VirtualClock _clock = new();
    private readonly XfsFileSystem _fileSystem;
    private int _fileCount;

    public FlusherTests()
    {
        _fileSystem = XfsFileSystem.Format(new SnapshotDevice(1L << 30, 65536), XfsFormatOptions.Current, out _);
        _fileSystem.Clock = _clock;
        Assert.Equal(FsStatus.Ok, _fileSystem.Mount());
    }

    [Fact]
    public void A_device_that_has_written_nothing_yet_writes_all_it_holds_five_seconds_after_the_first_write()
    {
        Assert.Equal(0, WrittenBy(WriteFile));
        Assert.Equal(0, WrittenAfter(4 * Second));
        Assert.Equal(2 * FileBytes, WrittenAfter(Second));
    }

    [Fact]
    public void Later_data_waits_until_it_is_thirty_seconds_old_and_the_flusher_comes_by()
    {
        WriteFile();
        Assert.Equal(FileBytes, WrittenAfter(5 * Second));
        Assert.Equal(0, WrittenAfter(29 * Second));
        // The file of second 5 is old enough by now, that of second 34 is not.
        Assert.Equal(FileBytes, WrittenAfter(6 * Second));
    }

    [Fact]
    public void A_mount_that_has_synced_something_has_its_share_already()
    {
        WriteFile();
        Assert.Equal(FsStatus.Ok, _fileSystem.Sync());
        WriteFile();
        Assert.Equal(0, WrittenAfter(6 * Second));
    }

    [Fact]
    public void What_the_flusher_could_not_write_is_told_to_the_next_who_syncs()
    {
        WriteFile();
        ((SnapshotDevice)_fileSystem.Device).WriteResult = IoStatus.NoSpace;
        _ = WrittenAfter(5 * Second);
        ((SnapshotDevice)_fileSystem.Device).WriteResult = IoStatus.Ok;
        Assert.Equal(FsStatus.NoSpace, _fileSystem.Sync());
        Assert.Equal(FsStatus.Ok, _fileSystem.Sync());
        _fileSystem.CheckInvariants();
    }

    /// <summary>A thin pool maps new blocks in the order in which they come, and its worker takes what waits in the order of the device: four unpackings of py:1
    /// on a real kernel took 35 to 39 metadata blocks for it, the model 39 with the data in the order of the files and 36 in that of the device.</summary>
    [Fact]
    public void Files_are_given_places_in_the_order_they_became_dirty_and_written_in_that_of_the_device()
    {
        RecordingDevice device = new(1L << 30);
        XfsFileSystem fileSystem = XfsFileSystem.Format(device, XfsFormatOptions.Current, out _);
        Assert.Equal(FsStatus.Ok, fileSystem.Mount());
        List<InodeId> directories = [];
        for (var i = 0; i < 4; i++)
        {
            // Each directory is in another allocation group.
            Assert.Equal(FsStatus.Ok, fileSystem.Create(fileSystem.Root, _names.Intern($"d{i}"), InodeKind.Directory, out InodeId directory));
            directories.Insert(0, directory);
        }

        foreach (InodeId directory in directories)
        {
            Assert.Equal(FsStatus.Ok, fileSystem.Create(directory, _names.Intern("file"), InodeKind.File, out InodeId file));
            Assert.Equal(FsStatus.Ok, fileSystem.Write(file, 0, FileBytes));
        }

        device.IsRecording = true;
        Assert.Equal(FsStatus.Ok, fileSystem.Sync());

        long[] offsets = [.. device.Requests.Where(request => request.LengthBytes == FileBytes).Select(request => request.OffsetBytes)];
        Assert.Equal(4, offsets.Length);
        Assert.Equal(offsets.Order(), offsets);
    }

    /// <summary>Lets time pass and writes one more file, which is when the model notices.</summary>
    private long WrittenAfter(long nanoseconds)
    {
        _clock.Advance(nanoseconds);
        return WrittenBy(WriteFile);
    }

    private long WrittenBy(Action action)
    {
        long before = _fileSystem.Device.Counters.WriteBytes;
        action();
        return _fileSystem.Device.Counters.WriteBytes - before;
    }

    private void WriteFile()
    {
        Assert.Equal(FsStatus.Ok, _fileSystem.Create(_fileSystem.Root, _names.Intern($"file-{_fileCount++}"), InodeKind.File, out InodeId file));
        Assert.Equal(FsStatus.Ok, _fileSystem.Write(file, 0, FileBytes));
    }
}
