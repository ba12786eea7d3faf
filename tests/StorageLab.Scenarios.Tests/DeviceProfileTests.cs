using StorageLab.Model.Blocks;
using Xunit;

namespace StorageLab.Scenarios.Tests;

public sealed class DeviceProfileTests
{
    private static string PathOf(string name) => Path.Combine(ScenarioLibrary.Shipped.Folder, "profiles", name + ".yaml");

    [Fact]
    public void Three_profiles_are_shipped_and_flash_is_faster_than_an_arm()
    {
        Assert.Equal(["hdd-7200", "nvme", "sata-ssd"], ScenarioLibrary.Shipped.ProfileNames);
        DiskProfile[] disks = [DeviceProfileReader.Read(PathOf("hdd-7200")), DeviceProfileReader.Read(PathOf("sata-ssd")), DeviceProfileReader.Read(PathOf("nvme"))];

        Assert.Equal(["hdd-7200", "sata-ssd", "nvme"], disks.Select(disk => disk.Name));
        Assert.Equal([1, 12, 14], disks.Select(disk => disk.QueueDepth));
        Assert.Equal([10_400_000, 0, 0], disks.Select(disk => disk.SeekNanoseconds));
        Assert.Equal([8_300_000, 2_000_000, 50_000], disks.Select(disk => disk.FlushNanoseconds));
        Assert.Equal([155_000_000, 562_000_000, 2_415_000_000], disks.Select(disk => disk.ReadBytesPerSecond));
    }

    [Fact]
    public void A_profile_of_ones_own_is_checked_like_a_scenario()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "title: mine\nsource: me\nread_per_second: 10\nwrite_per_second: 1GB\nread_latency: 1s\nwrite_latency: 1h\nseek: 0s\nflush: 1\nqueu_depth: 1\n");

        InputException e = Assert.Throws<InputException>(() => DeviceProfileReader.Read(path));

        File.Delete(path);
        Assert.Equal(
            [
                ":1:1: a profile needs 'queue_depth': requests it serves at once when several wait; 1 for a single arm",
                ":3:18: read_per_second is 10; it may be 1 KiB to 1 TiB",
                ":6:16: write_latency is more than 10 seconds; no disk is that slow",
                ":8:8: flush: '1' is not a duration; write one as 500ms, 10s, 5m, 2h, 3d or 1w",
                ":9:1: unknown setting 'queu_depth' of a profile; did you mean queue_depth?",
            ],
            e.Problems.Select(problem => problem.ToString()[path.Length..]));
    }

    [Fact]
    public void A_scenario_names_a_profile_by_path()
    {
        string folder = Directory.CreateTempSubdirectory("storagelab").FullName;
        File.Copy(PathOf("nvme"), Path.Combine(folder, "my-disk.yaml"));
        string path = Path.Combine(folder, "mine.yaml");
        File.WriteAllText(path, "title: T\nhosts: {h: {profile: my-disk.yaml}}\nsteps: [observe]");

        DiskProfile profile = new ScenarioReader(ScenarioLibrary.Shipped).Read(path, ScenarioOverrides.None).Variants[0].Host.Profile;

        Directory.Delete(folder, recursive: true);
        Assert.Equal("my-disk", profile.Name);
    }
}
