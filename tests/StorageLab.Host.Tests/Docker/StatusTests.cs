using StorageLab.Host.Docker;
using Xunit;

namespace StorageLab.Host.Tests.Docker;

public sealed class StatusTests
{
    [Fact]
    public void A_pools_status_line_is_read_as_the_kernel_prints_it() => Assert.Equal(
        new ThinPoolStatus(7, 4244, 524288, 1043, 1638400, "rw"),
        ThinPoolStatus.Parse("0 209715200 thin-pool 7 4244/524288 1043/1638400 - rw discard_passdown queue_if_no_space - 1024 "));

    [Fact]
    public void A_full_pool_says_so() => Assert.Equal(
        "out_of_data_space",
        ThinPoolStatus.Parse("docker-pool: 0 2097152 thin-pool 9 4300/524288 16384/16384 - out_of_data_space discard_passdown error_if_no_space -")!.Mode);

    [Theory]
    [InlineData("0 209715200 thin-pool Fail")]
    [InlineData("0 20971520 thin 2768 209919")]
    [InlineData("")]
    public void Another_line_is_no_status(string line) => Assert.Null(ThinPoolStatus.Parse(line));

    [Theory]
    [InlineData("0 209715200 thin-pool 7:1 7:0 128 32768 1 skip_block_zeroing", 65536L)]
    [InlineData("0 119529472 thin-pool 254:0 254:1 1024 0 1 skip_block_zeroing", 524288L)]
    [InlineData("0 119529472 linear 98:32 2048", null)]
    public void The_size_of_blocks_stands_in_the_pools_table(string line, long? bytes) => Assert.Equal(bytes, ThinPoolStatus.ParseBlockBytes(line));

    [Fact]
    public void Counters_of_old_and_new_kernels_are_read()
    {
        var old = BlockDeviceCounters.Parse(" 49 0 2096 10 18 1 1520 20 0 10 30\n")!.Value;
        Assert.Equal((49, 2096 * 512, 18, 1520 * 512, 0L), (old.ReadCount, old.ReadBytes, old.WriteCount, old.WriteBytes, old.DiscardCount));
        var current = BlockDeviceCounters.Parse("49 0 2096 10 18 1 1520 20 0 10 30 7 0 64 1 9 2")!.Value;
        Assert.Equal((7, 64 * 512, 9), (current.DiscardCount, current.DiscardBytes, current.FlushCount));
        Assert.Null(BlockDeviceCounters.Parse("1 2 3"));
        Assert.Null(BlockDeviceCounters.Parse("a b c d e f g h i j k"));
    }

    [Theory]
    [InlineData("overlay2", null, "overlay2")]
    [InlineData("devicemapper", "/var/lib/docker/devicemapper/devicemapper/data", "loop-lvm")]
    [InlineData("devicemapper", null, "direct-lvm")]
    [InlineData("btrfs", null, null)]
    public void A_daemons_driver_is_known_by_its_status(string driver, string? dataFile, string? expected)
    {
        KeyValuePair<string, string>[] lines = dataFile is null ? [] : [KeyValuePair.Create("Data loop file", dataFile)];
        Assert.Equal(expected, new DaemonDriver(driver, [.. lines], "/var/lib/docker").LabDriver);
    }
}
