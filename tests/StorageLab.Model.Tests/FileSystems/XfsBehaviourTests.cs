using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;
using StorageLab.Model.FileSystems.Xfs;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

public sealed class XfsBehaviourTests
{
    private const long MiB = 1L << 20;
    private readonly NameTable _names = new();

    [Fact]
    public void Deleting_everything_gives_every_block_and_inode_back()
    {
        XfsFileSystem fileSystem = Mounted(1024 * MiB);
        FsUsage empty = fileSystem.Usage;
        fileSystem.Create(fileSystem.Root, Name("top"), InodeKind.Directory, out InodeId top);
        for (var i = 0; i < 3000; i++)
        {
            fileSystem.Create(top, Name($"file-with-a-long-name-{i}"), InodeKind.File, out InodeId file);
            Assert.Equal(FsStatus.Ok, fileSystem.Write(file, 0, 5000 + i));
        }

        Assert.Equal(FsStatus.Ok, fileSystem.Sync());
        fileSystem.CheckInvariants();
        Assert.Equal(FsStatus.Ok, fileSystem.RemoveTree(fileSystem.Root, Name("top")));
        Assert.Equal(FsStatus.Ok, fileSystem.Sync());
        fileSystem.CheckInvariants();
        Assert.Equal(empty.UsedBytes, fileSystem.Usage.UsedBytes);
        Assert.Equal(empty.UsedInodeCount, fileSystem.Usage.UsedInodeCount);
    }

    [Fact]
    public void A_write_beyond_the_free_space_fails_and_the_file_system_goes_on()
    {
        XfsFileSystem fileSystem = Mounted(400 * MiB);
        fileSystem.Create(fileSystem.Root, Name("big"), InodeKind.File, out InodeId file);
        Assert.Equal(FsStatus.NoSpace, fileSystem.Write(file, 0, 500 * MiB));
        fileSystem.CheckInvariants();
        Assert.Equal(FsStatus.Ok, fileSystem.Write(file, 0, 50 * MiB));
        Assert.Equal(FsStatus.Ok, fileSystem.Fsync(file));
        fileSystem.CheckInvariants();
    }

    [Fact]
    public void A_device_without_space_shows_at_fsync()
    {
        XfsFileSystem fileSystem = Mounted(400 * MiB);
        fileSystem.Create(fileSystem.Root, Name("file"), InodeKind.File, out InodeId file);
        fileSystem.Sync();
        Assert.Equal(FsStatus.Ok, fileSystem.Write(file, 0, MiB));
        ((SnapshotDevice)fileSystem.Device).WriteResult = IoStatus.NoSpace;
        Assert.Equal(FsStatus.NoSpace, fileSystem.Fsync(file));
        fileSystem.CheckInvariants();
    }

    /// <summary>relatime, as seen in recorded run S2-direct-lvm: an access time is logged after a change, and the inode goes home at unmount.</summary>
    [Fact]
    public void The_first_read_after_a_change_logs_the_inode_and_further_ones_do_not()
    {
        XfsFileSystem fileSystem = Mounted(1024 * MiB);
        fileSystem.Create(fileSystem.Root, Name("file"), InodeKind.File, out InodeId file);
        fileSystem.Write(file, 0, 4096);
        fileSystem.Sync();

        Assert.Equal(1, LogWritesOf(fileSystem, () => fileSystem.NoteRead(file)));
        Assert.Equal(0, LogWritesOf(fileSystem, () => fileSystem.NoteRead(file)));
        fileSystem.SetAttributes(file);
        fileSystem.Sync();
        Assert.Equal(1, LogWritesOf(fileSystem, () => fileSystem.NoteRead(file)));
    }

    /// <summary>Recorded run S3-direct-lvm, step 17: the caches dropped, two containers that had only read each wrote the inode clusters they had read from.</summary>
    [Fact]
    public void Dropping_caches_writes_metadata_home_and_keeps_what_is_dirty()
    {
        XfsFileSystem fileSystem = Mounted(1024 * MiB);
        fileSystem.Create(fileSystem.Root, Name("clean"), InodeKind.File, out InodeId clean);
        fileSystem.Create(fileSystem.Root, Name("dirty"), InodeKind.File, out InodeId dirty);
        fileSystem.Write(clean, 0, 8192);
        fileSystem.Sync();
        fileSystem.Write(dirty, 4096, 4096);
        Assert.Equal(12288, fileSystem.CachedBytes);
        long before = fileSystem.Device.Counters.WriteBytes;

        Assert.Equal(FsStatus.Ok, fileSystem.DropCaches());

        Assert.Equal(4096, fileSystem.CachedBytes);
        Assert.True(fileSystem.Device.Counters.WriteBytes > before);
        before = fileSystem.Device.Counters.WriteBytes;
        Assert.Equal(FsStatus.Ok, fileSystem.Fsync(dirty));
        Assert.True(fileSystem.Device.Counters.WriteBytes - before >= 4096);
        fileSystem.CheckInvariants();
    }

    [Fact]
    public void A_failed_log_write_shuts_the_file_system_down()
    {
        XfsFileSystem fileSystem = Mounted(400 * MiB);
        fileSystem.Create(fileSystem.Root, Name("file"), InodeKind.File, out _);
        ((SnapshotDevice)fileSystem.Device).WriteResult = IoStatus.IoError;
        Assert.Equal(FsStatus.IoError, fileSystem.Sync());
        Assert.Equal(FsStatus.IoError, fileSystem.Create(fileSystem.Root, Name("other"), InodeKind.File, out _));
    }

    [Fact]
    public void A_clone_parts_from_its_original_on_the_first_change()
    {
        XfsFileSystem parent = Mounted(1024 * MiB);
        parent.Create(parent.Root, Name("shared"), InodeKind.File, out InodeId shared);
        parent.Write(shared, 0, MiB);
        parent.Unmount();
        IFileSystem child = parent.CloneOnto(((SnapshotDevice)parent.Device).Snapshot());
        child.Mount();
        child.Truncate(shared, 100);
        child.Create(child.Root, Name("own"), InodeKind.File, out _);
        Assert.Equal(MiB, parent.Stat(shared).SizeBytes);
        Assert.False(parent.TryLookup(parent.Root, Name("own"), out _));
        Assert.Equal(100, child.Stat(shared).SizeBytes);
        parent.CheckInvariants();
        child.CheckInvariants();
    }

    [Fact]
    public void A_reflinked_copy_takes_space_only_for_what_is_rewritten()
    {
        // 100 spread overwrites of 4 KiB after a copy-up take a run of 128 KiB each (recorded run S3-overlay2-xfs, step 9: 12.2 MB).
        XfsFileSystem fileSystem = Mounted(2048 * MiB);
        fileSystem.Create(fileSystem.Root, Name("source"), InodeKind.File, out InodeId source);
        fileSystem.Write(source, 0, 200 * MiB);
        fileSystem.Sync();
        long before = fileSystem.Usage.UsedBytes;
        fileSystem.Create(fileSystem.Root, Name("copy"), InodeKind.File, out InodeId copy);
        Assert.Equal(FsStatus.Ok, fileSystem.Reflink(source, copy));
        Assert.Equal(before, fileSystem.Usage.UsedBytes);
        Assert.Equal(200 * MiB, fileSystem.SharedBytes);
        for (var i = 0; i < 100; i++)
            Assert.Equal(FsStatus.Ok, fileSystem.Write(copy, i * 2 * MiB, 4096));
        fileSystem.Fsync(copy);
        fileSystem.CheckInvariants();
        Assert.InRange(fileSystem.Usage.UsedBytes - before, 12 * MiB, 13 * MiB);
        Assert.Equal(200 * MiB - 100 * 4096, fileSystem.SharedBytes);
        fileSystem.Unlink(fileSystem.Root, Name("source"));
        Assert.Equal(0, fileSystem.SharedBytes);
    }

    [Fact]
    public void Punching_a_sparse_file_gives_back_whole_blocks()
    {
        XfsFileSystem fileSystem = Mounted(1024 * MiB);
        fileSystem.Create(fileSystem.Root, Name("data"), InodeKind.File, out InodeId file);
        fileSystem.Truncate(file, 100L << 30);
        for (var i = 0; i < 2000; i++)
            Assert.Equal(FsStatus.Ok, fileSystem.Write(file, i * MiB, 65536));
        fileSystem.Sync();
        Assert.InRange(fileSystem.Stat(file).AllocatedBytes, 2000 * 65536, 2000 * 65536 + MiB);
        for (var i = 0; i < 2000; i++)
            Assert.Equal(FsStatus.Ok, fileSystem.PunchHole(file, i * MiB, 65536));
        fileSystem.CheckInvariants();
        Assert.Equal(0, fileSystem.Stat(file).AllocatedBytes);
    }

    [Fact]
    public void The_first_extended_attribute_leaves_less_room_for_names_in_later_directories()
    {
        // Recorded run S1-overlay2-xfs: 95 of base-b's 119 directories take a block on the host, 19 inside a thin device.
        XfsFileSystem fileSystem = Mounted(1024 * MiB);
        Assert.Equal(0, BlocksOfDirectoryWithTwelveNames(fileSystem, "before"));
        fileSystem.SetExtendedAttributes(fileSystem.Root, ExtendedAttributes.OverlayOpaque);
        Assert.Equal(1, BlocksOfDirectoryWithTwelveNames(fileSystem, "after"));
        fileSystem.CheckInvariants();
    }

    private long BlocksOfDirectoryWithTwelveNames(XfsFileSystem fileSystem, string name)
    {
        fileSystem.Create(fileSystem.Root, Name(name), InodeKind.Directory, out InodeId directory);
        for (var i = 10; i < 22; i++)
            fileSystem.Create(directory, Name($"f000{i}.txt"), InodeKind.File, out _);
        return fileSystem.Stat(directory).AllocatedBytes / 4096;
    }

    private static long LogWritesOf(XfsFileSystem fileSystem, Action action)
    {
        action();
        long before = fileSystem.Device.Counters.WriteCount;
        Assert.Equal(FsStatus.Ok, fileSystem.Sync());
        return fileSystem.Device.Counters.WriteCount - before;
    }

    private static XfsFileSystem Mounted(long lengthBytes)
    {
        XfsFileSystem fileSystem = XfsFileSystem.Format(new SnapshotDevice(lengthBytes, 65536), XfsFormatOptions.Current, out FsStatus status);
        Assert.Equal(FsStatus.Ok, status);
        Assert.Equal(FsStatus.Ok, fileSystem.Mount());
        return fileSystem;
    }

    private NameId Name(string text) => _names.Intern(text);
}
