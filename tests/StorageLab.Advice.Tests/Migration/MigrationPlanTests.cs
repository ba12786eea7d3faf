using System.Collections.Immutable;
using System.Text;
using StorageLab.Advice.Configuration;
using StorageLab.Advice.Hosts;
using StorageLab.Advice.Migration;
using StorageLab.Model.Drivers;
using Xunit;

namespace StorageLab.Advice.Tests.Migration;

public sealed class MigrationPlanTests
{
    private static readonly HostFacts Centos7 = new()
    {
        Distribution = "centos",
        DistributionVersion = "7",
        Kernel = KernelVersion.Parse("3.10.0-1160.el7"),
        DockerVersion = new DockerVersion(20, 10),
        BackingFileSystem = "xfs",
        HasFileTypes = true,
        KnowsDisks = true,
        SpareDisks = [new SpareDisk("/dev/sdb", 100L << 30)],
    };

    public static TheoryData<string, HostFacts, string[]> Plans => new()
    {
        { "overlay2", Centos7, ["docker save", "systemctl stop docker", "\"storage-driver\": \"overlay2\"", "ftype=1", "docker load"] },
        { "overlay2", Centos7 with { HasFileTypes = false }, ["mkfs.xfs -n ftype=1 /dev/sdb", "/etc/fstab"] },
        { "overlay2", Centos7 with { DockerVersion = new DockerVersion(17, 9) }, ["overlay2.override_kernel_check=true"] },
        { "direct-lvm", Centos7, ["yum install -y yum-utils device-mapper-persistent-data lvm2", "dm.directlvm_device=/dev/sdb", "dm.thinp_autoextend_threshold=80"] },
        { "direct-lvm", Centos7 with { DockerVersion = new DockerVersion(1, 13) }, ["vgcreate docker /dev/sdb", "-l 95%VG", "lvconvert -y --zero n -c 512K", "/etc/lvm/profile/docker-thinpool.profile", "dm.thinpooldev=/dev/mapper/docker-thinpool"] },
        { "direct-lvm", Centos7 with { Distribution = "ubuntu", DistributionVersion = "14.04", DockerVersion = new DockerVersion(1, 13) }, ["service docker stop", "DOCKER_OPTS=\"--storage-driver=devicemapper --storage-opt dm.thinpooldev=", "/etc/default/docker", "apt-get install -y thin-provisioning-tools lvm2"] },
        { "overlay2", Centos7 with { Distribution = "ubuntu", DistributionVersion = "16.04", BackingFileSystem = "ext4" }, ["systemctl start docker", "/etc/docker/daemon.json"] },
        { "overlay2", Centos7 with { Distribution = "debian", DistributionVersion = "12", BackingFileSystem = "ext4" }, ["systemctl start docker"] },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void A_plan_saves_first_and_names_the_hosts_own_commands_and_files(string driver, HostFacts host, string[] expected)
    {
        ImmutableArray<MigrationStep> plan = MigrationPlan.For(driver, host);
        Assert.Contains("docker save", plan[0].Commands[1], StringComparison.Ordinal);
        string all = string.Join('\n', plan.SelectMany(step => step.Commands));
        Assert.All(expected, text => Assert.Contains(text, all, StringComparison.Ordinal));
        Assert.DoesNotContain(host.Distribution == "ubuntu" ? "yum" : "apt-get", host.Distribution == "debian" ? "" : all, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public void The_daemon_json_of_a_plan_lets_Docker_start(string driver, HostFacts host, string[] expected)
    {
        Assert.NotEmpty(expected);
        string? file = MigrationPlan.For(driver, host).SelectMany(step => step.Commands).FirstOrDefault(command => command.Contains("daemon.json <<", StringComparison.Ordinal));
        if (file is null)
        {
            Assert.Equal("14.04", host.DistributionVersion);
            return;
        }

        string json = file.Split("<<'EOF'\n")[1].Replace("\nEOF", "\n", StringComparison.Ordinal);
        Assert.DoesNotContain(
            ConfigurationCheck.Of([new ConfigurationFile("daemon.json", Encoding.UTF8.GetBytes(json))], new DaemonHost(host.Kernel, HasFileTypes: true)),
            finding => finding.Severity == FindingSeverity.Fatal || finding.Message.Contains("sparse file", StringComparison.Ordinal));
    }
}
