using StorageLab.Advice.Hosts;
using StorageLab.Advice.Rules;
using StorageLab.Model.Drivers;
using Xunit;

namespace StorageLab.Advice.Tests.Rules;

public sealed class DriverRulesTests
{
    /// <summary>For every rule a host it speaks of, and one that differs in what the rule is about.</summary>
    public static TheoryData<string, HostFacts, HostFacts> Hosts => new()
    {
        { "overlay2-fs", Centos7 with { BackingFileSystem = "zfs" }, Centos7 },
        { "overlay2-ftype", Centos7 with { HasFileTypes = false }, Centos7 },
        { "overlay2-old-docker", Centos7 with { DockerVersion = new DockerVersion(1, 11) }, Centos7 },
        { "overlay2-override", Centos7 with { DockerVersion = new DockerVersion(17, 11) }, Centos7 with { DockerVersion = new DockerVersion(17, 12) } },
        { "overlay2-el", Centos7, Centos7 with { Kernel = KernelVersion.Parse("3.10.0-327.el7") } },
        { "overlay2-mainline", Debian12, Debian12 with { Kernel = KernelVersion.Parse("3.16") } },
        { "direct-removed", Debian12 with { DockerVersion = new DockerVersion(25, 0) }, Debian12 with { DockerVersion = new DockerVersion(24, 0) } },
        { "direct-deprecated", Debian12 with { DockerVersion = new DockerVersion(18, 9) }, Debian12 with { DockerVersion = new DockerVersion(18, 6) } },
        { "direct-ok", Centos7 with { DockerVersion = new DockerVersion(1, 13) }, Centos7 with { DockerVersion = new DockerVersion(1, 3) } },
        { "loop-removed", Debian12 with { DockerVersion = new DockerVersion(27, 3) }, Debian12 },
        { "loop-tests", Centos7, Centos7 with { DockerVersion = new DockerVersion(25, 0) } },
    };

    private static HostFacts Centos7 { get; } = new()
    {
        Distribution = "centos",
        DistributionVersion = "7",
        Kernel = KernelVersion.Parse("3.10.0-1160.el7"),
        DockerVersion = new DockerVersion(20, 10),
        BackingFileSystem = "xfs",
        HasFileTypes = true,
    };

    private static HostFacts Debian12 { get; } = new()
    {
        Distribution = "debian",
        DistributionVersion = "12",
        Kernel = KernelVersion.Parse("6.1"),
        DockerVersion = new DockerVersion(20, 10),
        BackingFileSystem = "ext4",
        HasFileTypes = true,
    };

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Every_rule_speaks_of_the_hosts_it_is_about_and_of_no_others(string id, HostFacts host, HostFacts other)
    {
        DriverRule rule = Assert.Single(DriverRules.All, rule => rule.Id == id);
        Assert.True(rule.Holds(host));
        Assert.False(rule.Holds(other));
        Assert.NotEmpty(rule.Source);
        Assert.NotEmpty(rule.Reason);
    }

    [Fact]
    public void No_rule_is_without_a_test() =>
        Assert.Equal(DriverRules.All.Select(rule => rule.Id).Order(), Hosts.Select(row => row.Data.Item1).Order());

    [Fact]
    public void What_is_not_known_refuses_nothing()
    {
        HostFacts unknown = new();
        Assert.DoesNotContain(DriverRules.All, rule => rule.Verdict == RuleVerdict.Refuse && rule.Holds(unknown));
        Recommendation advice = Advisor.For(unknown);
        Assert.Equal(DriverNames.Overlay2, advice.Driver);
        Assert.Equal(6, advice.Unknowns.Length);
    }

    [Theory]
    [InlineData("3.10.0-1160.el7", "20.10", "xfs", 1, false, "overlay2")]
    [InlineData("3.10.0-1160.el7", "20.10", "xfs", 0, false, null)]
    [InlineData("3.10.0-1160.el7", "20.10", "xfs", 0, true, "overlay2")]
    [InlineData("3.10.0-327.el7", "1.13", "xfs", 1, true, "direct-lvm")]
    [InlineData("3.10.0-327.el7", "1.13", "xfs", 0, true, "direct-lvm")]
    [InlineData("3.10.0-327.el7", "1.13", "xfs", 1, false, null)]
    [InlineData("3.10.0-514.el7", "1.13", "xfs", 1, false, "overlay2")]
    [InlineData("5.14.0-70.el9", "27.3", "xfs", 1, false, "overlay2")]
    [InlineData("6.1", "25.0", "zfs", 1, false, null)]
    [InlineData("3.13", "1.12", "ext4", 1, true, "direct-lvm")]
    public void The_driver_follows_from_kernel_version_file_system_and_disks(string kernel, string docker, string fileSystem, int fileTypes, bool hasDisk, string? expected)
    {
        HostFacts host = new()
        {
            Distribution = kernel.Contains(".el", StringComparison.Ordinal) ? "centos" : "ubuntu",
            Kernel = KernelVersion.Parse(kernel),
            DockerVersion = DockerVersion.Parse(docker),
            BackingFileSystem = fileSystem,
            HasFileTypes = fileTypes == 1,
            KnowsDisks = true,
            SpareDisks = hasDisk ? [new SpareDisk("/dev/sdb", 100L << 30)] : [],
        };
        Recommendation advice = Advisor.For(host);
        Assert.Equal(expected, advice.Driver);
        Assert.NotEmpty(advice.Reasons);
        Assert.DoesNotContain(advice.Unknowns, line => line.Contains("kernel", StringComparison.Ordinal));
    }
}
