using CsCheck;
using StorageLab.Advice.Hosts;
using StorageLab.Model.Drivers;
using Xunit;

namespace StorageLab.Advice.Tests.Hosts;

public sealed class HostFactsReaderTests
{
    private const string LoopInfo = """
        Client:
         Context:    default
        Server:
         Containers: 2
         Server Version: 1.13.1
         Storage Driver: devicemapper
          Pool Name: docker-253:0-67 -pool
          Backing Filesystem: xfs
          Data file: /dev/loop0
          Data loop file: /var/lib/docker/devicemapper/devicemapper/data
         Kernel Version: 3.10.0-693.el7.x86_64
         Docker Root Dir: /srv/docker
        """;

    [Fact]
    public void Docker_info_tells_driver_version_root_and_kernel()
    {
        HostFactsReader reader = new();
        reader.ReadDockerInfo(LoopInfo, "docker-info.txt");
        HostFacts facts = reader.Facts;
        Assert.Equal(DriverNames.LoopLvm, facts.Driver);
        Assert.Equal(new DockerVersion(1, 13), facts.DockerVersion);
        Assert.Equal("/srv/docker", facts.DockerRoot);
        Assert.Equal(KernelVersion.Parse("3.10.0-693.el7"), facts.Kernel);
        // The devices' file system says nothing about that of Docker's root.
        Assert.Null(facts.BackingFileSystem);
        Assert.Empty(facts.Notes);
    }

    [Theory]
    [InlineData(" Storage Driver: devicemapper\n  Pool Name: docker-thinpool\n Server Version: 20.10.24\n", "direct-lvm", null, null)]
    [InlineData(" Storage Driver: overlay2\n  Backing Filesystem: extfs\n  Supports d_type: true\n Server Version: 20.10.24\n", "overlay2", "ext4", true)]
    [InlineData(" Storage Driver: overlay2\n  Backing Filesystem: xfs\n  Supports d_type: false\n Server Version: 17.06.0-ce\n", "overlay2", "xfs", false)]
    [InlineData(" Storage Driver: aufs\n Server Version: 17.03.1-ce\n", "aufs", null, null)]
    public void Other_drivers_are_told_apart(string text, string driver, string? backing, bool? fileTypes)
    {
        HostFactsReader reader = new();
        reader.ReadDockerInfo(text, "info");
        Assert.Equal((driver, backing, fileTypes), (reader.Facts.Driver, reader.Facts.BackingFileSystem, reader.Facts.HasFileTypes));
    }

    [Theory]
    [InlineData("""{"blockdevices":[{"name":"sda","size":500107862016,"type":"disk","fstype":null,"mountpoint":null,"children":[{"name":"sda1"}]},{"name":"sdb","size":107374182400,"type":"disk","fstype":null,"mountpoint":null},{"name":"sr0","size":1073741312,"type":"rom"}]}""")]
    [InlineData("""{"blockdevices":[{"name":"sdb","size":"100G","type":"disk","fstype":null,"mountpoints":[null]},{"name":"sdc","size":"1T","type":"disk","fstype":"xfs","mountpoints":[null]},{"name":"sdd","size":"1T","type":"disk","mountpoints":["/data"]}]}""")]
    public void A_spare_disk_is_one_without_anything_on_it(string json)
    {
        HostFactsReader reader = new();
        reader.ReadDisks(json, "lsblk.json");
        Assert.Equal([new SpareDisk("/dev/sdb", 100L << 30)], reader.Facts.SpareDisks);
    }

    [Fact]
    public void Size_and_type_come_from_df_and_file_types_from_xfs_info()
    {
        HostFactsReader reader = new();
        reader.ReadFreeSpace("Filesystem Type 1-blocks Used Available Capacity Mounted on\n/dev/sda3 xfs 214643507200 1599037440 213044469760 1% /var\n", "df.txt");
        Assert.Equal(("xfs", 214643507200L, 213044469760L), (reader.Facts.BackingFileSystem, reader.Facts.RootTotalBytes, reader.Facts.RootFreeBytes));
        reader.ReadXfsInfo("naming   =version 2              bsize=4096   ascii-ci=0 ftype=0\n", "xfs_info.txt");
        Assert.False(reader.Facts.HasFileTypes);
        Assert.Empty(reader.Facts.Notes);
    }

    [Fact]
    public void What_cannot_be_read_is_noted_with_its_file_and_leaves_the_fact_unknown()
    {
        HostFactsReader reader = new();
        reader.ReadKernel("CentOS Linux 7", "uname.txt");
        reader.ReadOsRelease("", "os-release");
        reader.ReadDockerInfo("Cannot connect to the Docker daemon", "docker-info.txt");
        reader.ReadDisks("NAME SIZE", "lsblk.json");
        reader.ReadXfsInfo("naming =version 2 bsize=4096 ascii-ci=0", "xfs_info.txt");
        reader.ReadFreeSpace("df: no such file", "df.txt");
        HostFacts facts = reader.Facts;
        Assert.Equal(["uname.txt", "os-release", "docker-info.txt", "lsblk.json", "xfs_info.txt", "df.txt"], facts.Notes.Select(note => note.Split(':')[0]));
        Assert.Equal(new HostFacts(), facts with { Notes = [] });
    }

    [Fact]
    public void Any_text_is_read_without_failing() => Gen.String.Sample(
        text =>
        {
            HostFactsReader reader = new();
            reader.ReadKernel(text, "f");
            reader.ReadOsRelease(text, "f");
            reader.ReadDockerInfo(text, "f");
            reader.ReadDisks(text, "f");
            reader.ReadXfsInfo(text, "f");
            reader.ReadFreeSpace(text, "f");
            Assert.NotEmpty(Advisor.For(reader.Facts).Reasons);
        }, iter: 2000);
}
