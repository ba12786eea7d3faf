using StorageLab.Host.Doctor;
using Xunit;

namespace StorageLab.Host.Tests.Doctor;

public sealed class InstallCommandTests
{
    private static readonly HostNeed[] Needs =
    [
        new("uml", "linux.uml", false, "not found", "machines") { Package = new Package("user-mode-linux", null) },
        new("uml", "kernel's modules", false, "none", "machines") { Package = new Package("user-mode-linux", null) },
        new("uml", "lvm", false, "not found", "direct-lvm") { Package = new Package("lvm2", "lvm2") },
        new("uml", "dmsetup", true, "/sbin/dmsetup", "pools") { Package = new Package("dmsetup", "device-mapper") },
        new("docker", "root", false, "an ordinary user", "the disk"),
    ];

    [Fact]
    public void One_command_installs_all_that_is_missing_and_nothing_that_is_there()
    {
        Assert.Equal("sudo apt-get install -y lvm2 user-mode-linux", InstallCommand.Of(Needs, PackageFamily.Debian, isRoot: false, "yum"));
        Assert.Equal("apt-get install -y lvm2 user-mode-linux", InstallCommand.Of(Needs, PackageFamily.Debian, isRoot: true, "yum"));
        Assert.Equal("sudo dnf install -y lvm2", InstallCommand.Of(Needs, PackageFamily.RedHat, isRoot: false, "dnf"));
    }

    [Fact]
    public void There_is_no_command_where_nothing_is_missing_or_nobody_knows_the_packages()
    {
        Assert.Null(InstallCommand.Of(Needs.Where(need => need.IsThere), PackageFamily.Debian, isRoot: true, "yum"));
        Assert.Null(InstallCommand.Of(Needs, PackageFamily.Unknown, isRoot: true, "yum"));
    }

    [Theory]
    [InlineData("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n", PackageFamily.Debian)]
    [InlineData("ID=ubuntu\nID_LIKE=debian\n", PackageFamily.Debian)]
    [InlineData("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", PackageFamily.Debian)]
    [InlineData("ID=\"centos\"\nID_LIKE=\"rhel fedora\"\n", PackageFamily.RedHat)]
    [InlineData("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", PackageFamily.RedHat)]
    [InlineData("ID=alpine\n", PackageFamily.Unknown)]
    [InlineData("", PackageFamily.Unknown)]
    public void A_distribution_is_known_by_its_os_release(string osRelease, PackageFamily family) => Assert.Equal(family, InstallCommand.FamilyOf(osRelease));

    [Theory]
    [InlineData("Docker version 20.10.24+dfsg1, build 5d6db84", true)]
    [InlineData("Docker version 24.0.7, build 311b9ff", true)]
    [InlineData("Docker version 25.0.3, build f417435", false)]
    [InlineData("something else", false)]
    public void Docker_lost_devicemapper_in_25(string line, bool hasDevicemapper) => Assert.Equal(hasDevicemapper, DockerdVersion.HasDevicemapper(line));
}
