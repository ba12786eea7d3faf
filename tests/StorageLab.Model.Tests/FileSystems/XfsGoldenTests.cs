using StorageLab.Model.FileSystems;
using StorageLab.Model.FileSystems.Xfs;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>Numbers that real kernels and tools gave.</summary>
public sealed class XfsGoldenTests
{
    private const long GiB = 1L << 30;
    private const long MiB = 1L << 20;
    private readonly NameTable _names = new();

    [Fact]
    public void A_base_device_of_10_GiB_maps_1043_blocks_of_64_KiB()
    {
        // Recorded runs on loop-lvm: 1043 data blocks after the daemon's first start.
        SnapshotDevice device = Format(10 * GiB, 65536, XfsFormatOptions.Current, out _);
        Assert.Equal(1043, device.OwnBlockCount);
    }

    [Fact]
    public void A_base_device_of_10_GiB_maps_145_blocks_of_512_KiB()
    {
        // Recorded runs on direct-lvm.
        SnapshotDevice device = Format(10 * GiB, 512 * 1024, XfsFormatOptions.Current, out _);
        Assert.Equal(145, device.OwnBlockCount);
    }

    [Theory]
    [InlineData(10, 180)]
    [InlineData(100, 820)]
    public void A_base_device_of_the_CentOS_7_generation_maps_what_Docker_s_documentation_printed(long gibibytes, int blockCount)
    {
        // 11.8 MB and 53.74 MB used: Docker's documentation of the storage driver, and moby issue 18867.
        SnapshotDevice device = Format(gibibytes * GiB, 65536, XfsFormatOptions.CentOs7WithoutChecksums, out _);
        Assert.Equal(blockCount, device.OwnBlockCount);
    }

    [Fact]
    public void An_empty_host_disk_of_60_GiB_shows_the_recorded_use()
    {
        // Recorded run S1-loop-lvm: statfs before Docker's first start, and df at the end.
        SnapshotDevice device = new(60 * GiB, 4096, isThin: false);
        XfsFileSystem fileSystem = XfsFileSystem.Format(device, XfsFormatOptions.Current, out FsStatus status);
        Assert.Equal(FsStatus.Ok, status);
        Assert.Equal(new FsUsage(64_357_400_576, 482_537_472, 31_457_280, 3), fileSystem.Usage);
    }

    [Fact]
    public void Mounting_a_snapshot_without_a_change_costs_33_blocks_once_it_is_unmounted()
    {
        // 2 MiB of log cleared ahead of the head, and the superblock that covers the log.
        Format(10 * GiB, 65536, XfsFormatOptions.Current, out XfsFileSystem parent);
        SnapshotDevice device = ((SnapshotDevice)parent.Device).Snapshot();
        IFileSystem fileSystem = parent.CloneOnto(device);
        Assert.Equal(FsStatus.Ok, fileSystem.Mount());
        Assert.Equal(32, device.OwnBlockCount);
        Assert.Equal(FsStatus.Ok, fileSystem.Unmount());
        Assert.Equal(33, device.OwnBlockCount);
    }

    [Fact]
    public void A_synced_file_reserves_a_tail_and_so_does_not_fit_into_the_hole_it_left()
    {
        // Recorded run S2-loop-lvm, steps 5, 6, 9 and 10: 40 MiB created, something behind it, deleted and created again: 640 blocks each time.
        Format(10 * GiB, 65536, XfsFormatOptions.Current, out XfsFileSystem parent);
        SnapshotDevice device = ((SnapshotDevice)parent.Device).Snapshot();
        IFileSystem fileSystem = parent.CloneOnto(device);
        fileSystem.Mount();
        WriteSynced(fileSystem, "first", 40 * MiB);
        fileSystem.Sync();
        WriteSynced(fileSystem, "behind", MiB);
        int afterFirst = device.OwnBlockCount;
        Assert.Equal(FsStatus.Ok, fileSystem.Unlink(fileSystem.Root, _names.Intern("first")));
        fileSystem.Sync();
        WriteSynced(fileSystem, "second", 40 * MiB);
        Assert.Equal(640, device.OwnBlockCount - afterFirst);
    }

    private static SnapshotDevice Format(long lengthBytes, int blockBytes, XfsFormatOptions options, out XfsFileSystem fileSystem)
    {
        SnapshotDevice device = new(lengthBytes, blockBytes);
        fileSystem = XfsFileSystem.Format(device, options, out FsStatus status);
        Assert.Equal(FsStatus.Ok, status);
        return device;
    }

    private void WriteSynced(IFileSystem fileSystem, string name, long lengthBytes)
    {
        Assert.Equal(FsStatus.Ok, fileSystem.Create(fileSystem.Root, _names.Intern(name), InodeKind.File, out InodeId file));
        for (long offset = 0; offset < lengthBytes; offset += MiB)
            Assert.Equal(FsStatus.Ok, fileSystem.Write(file, offset, MiB));
        Assert.Equal(FsStatus.Ok, fileSystem.Fsync(file));
    }
}
