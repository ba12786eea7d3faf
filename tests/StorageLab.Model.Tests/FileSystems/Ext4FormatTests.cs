using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;
using StorageLab.Model.FileSystems.Ext4;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>What mke2fs 1.47.0 makes of devices: figures of dumpe2fs and of recorded runs.</summary>
public sealed class Ext4FormatTests
{
    private const long GiB = 1L << 30;

    private static readonly DeviceLimits ThinOf64K = new(65536, 65536, 65536);

    [Theory]
    [InlineData(1 * GiB, 262144, 12949, 249189, 65536)]
    [InlineData(10 * GiB, 2621440, 66747, 2554687, 655360)]
    [InlineData(20 * GiB, 5242880, 126316, 5116558, 1310720)]
    [InlineData(60 * GiB, 15728640, 325685, 15402949, 3932160)]
    [InlineData(100 * GiB, 26214400, 557842, 25656552, 6553600)]
    [InlineData(200 * GiB, 52428800, 1100294, 51328499, 13107200)]
    [InlineData(600L << 20, 153600, 6734, 146860, 38400)]
    [InlineData(3050L << 20, 780800, 30946, 749848, 195456)]
    public void Geometry_is_that_of_mke2fs(long deviceBytes, long blocks, long overhead, long freeBlocks, long inodes)
    {
        FsUsage usage = Made(new MappedDevice(deviceBytes, 65536), Ext4FormatOptions.Host).Usage;

        Assert.Equal((blocks - overhead) * 4096, usage.TotalBytes);
        Assert.Equal(freeBlocks * 4096, usage.FreeBytes);
        Assert.Equal(inodes, usage.TotalInodeCount);
        Assert.Equal(11, usage.UsedInodeCount);
    }

    [Fact]
    public void A_base_device_of_10_GiB_maps_the_64_KiB_blocks_of_the_recorded_run()
    {
        MappedDevice device = new(10 * GiB, 65536, ThinOf64K);

        Made(device, Ext4FormatOptions.DockerBase);

        // Recorded run S2-loop-lvm-dmext4: thin_dump of device 1, as runs of virtual blocks.
        (long First, long Length)[] recorded =
        [
            (0, 579), (2048, 1), (6144, 1), (10240, 1), (14336, 1), (18432, 1), (32768, 1), (32770, 512), (51200, 1), (55296, 1), (65536, 1),
            (65538, 512), (67584, 1024), (98304, 1), (98306, 512), (100352, 1), (131072, 1), (131074, 512), (163839, 1),
        ];
        Assert.Equal(recorded.SelectMany(run => Range(run.First, run.Length)), device.Mapped);
        Assert.Equal(3664, device.Mapped.Count);
    }

    [Fact]
    public void A_base_device_keeps_its_mappings_over_a_clean_mount()
    {
        MappedDevice device = new(10 * GiB, 65536, ThinOf64K);
        Ext4FileSystem fileSystem = Made(device, Ext4FormatOptions.DockerBase);

        Assert.Equal(FsStatus.Ok, fileSystem.Mount());
        Assert.Equal(FsStatus.Ok, fileSystem.Unmount());

        Assert.Equal(3664, device.Mapped.Count);
        fileSystem.CheckInvariants();
    }

    [Fact]
    public void A_host_leaves_its_inode_tables_to_the_kernel()
    {
        MappedDevice lazy = new(10 * GiB, 65536);
        MappedDevice eager = new(10 * GiB, 65536);

        Made(lazy, Ext4FormatOptions.Host);
        Made(eager, Ext4FormatOptions.DockerBase);

        Assert.Equal(80L * 512 * 4096, eager.Counters.WriteBytes - lazy.Counters.WriteBytes);
    }

    [Fact]
    public void A_device_too_small_for_a_journal_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Made(new MappedDevice(1 << 20, 65536), Ext4FormatOptions.Host));

    [Fact]
    public void A_device_that_fails_fails_the_format()
    {
        MappedDevice device = new(10 * GiB, 65536) { WriteCountMax = 5 };

        Ext4FileSystem.Format(device, Ext4FormatOptions.Host, out FsStatus status);

        Assert.Equal(FsStatus.IoError, status);
    }

    private static Ext4FileSystem Made(IBlockDevice device, Ext4FormatOptions options)
    {
        Ext4FileSystem fileSystem = Ext4FileSystem.Format(device, options, out FsStatus status);
        Assert.Equal(FsStatus.Ok, status);
        return fileSystem;
    }

    private static IEnumerable<long> Range(long first, long count)
    {
        for (long value = first; value < first + count; value++)
            yield return value;
    }
}
