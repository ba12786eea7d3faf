using System.Collections.Immutable;
using StorageLab.Host.Machines;
using StorageLab.Model.Drivers;
using StorageLab.Scenarios;
using Xunit;

namespace StorageLab.Host.Tests.Machines;

public sealed class MachineSpecTests
{
    [Fact]
    public void The_root_is_on_the_measured_disk_but_with_a_pool_of_its_own()
    {
        Assert.Equal(["mkfs.xfs -f /dev/ubdc", "mount /dev/ubdc /mnt/docker"], Spec("loop-lvm").SetupCommands);
        Assert.Equal(["mkfs.ext4 -F -E nodiscard /dev/ubdc", "mount /dev/ubdc /mnt/docker"], Spec("overlay2", "ext4").SetupCommands);
        Assert.Equal(["mkfs.xfs -f /dev/ubdd", "mount /dev/ubdd /mnt/docker"], Spec("direct-lvm").SetupCommands);
        Assert.Equal(["dm.directlvm_device=/dev/ubdc", "dm.directlvm_device_force=true"], Spec("direct-lvm").StorageOptions);
    }

    [Theory]
    [InlineData("xfs", "reflink=0,ftype=0", "mkfs.xfs -f -m reflink=0 -n ftype=0 /dev/ubdc")]
    [InlineData("xfs", "-f -m reflink=0", "mkfs.xfs -f -f -m reflink=0 /dev/ubdc")]
    [InlineData("ext4", "-i 8192", "mkfs.ext4 -F -E nodiscard -i 8192 /dev/ubdc")]
    [InlineData("ext4", "lazy_itable_init=0", "mkfs.ext4 -F -E nodiscard -E lazy_itable_init=0 /dev/ubdc")]
    public void Settings_of_a_scenario_and_command_lines_of_a_recording_both_reach_mkfs(string fileSystem, string given, string command) =>
        Assert.Equal(command, Spec("overlay2", fileSystem, given).SetupCommands[0]);

    [Fact]
    public void A_pool_that_is_not_dockers_to_make_is_made_first()
    {
        ImmutableSortedDictionary<string, string> options = ImmutableSortedDictionary<string, string>.Empty.Add("dm.thinpooldev", "/dev/mapper/x").Add("dm.blocksize", "128K");
        MachineSpec spec = Spec("direct-lvm") with { Variant = Spec("direct-lvm").Variant with { Options = options } };
        Assert.Equal(["dm.thinpooldev=/dev/mapper/docker-thinpool"], spec.StorageOptions);
        Assert.Contains(spec.SetupCommands, command => command.StartsWith("lvconvert", StringComparison.Ordinal) && command.Contains("-c 128K", StringComparison.Ordinal));
    }

    [Fact]
    public void A_machine_hides_no_folder_that_it_reads_from()
    {
        string free = UmlMachine.FreeFolder("/mnt/data/lab", "/usr/share/dotnet");
        Assert.NotEqual("/mnt", free);
        Assert.True(Directory.Exists(free));
    }

    private static MachineSpec Spec(string driver, string fileSystem = "xfs", params string[] mkfs)
    {
        VariantSpec variant = new()
        {
            Name = driver,
            Driver = driver,
            Host = new HostSpec
            {
                Name = "host",
                Kernel = KernelVersion.Parse("6.1"),
                DiskBytes = 60L << 30,
                Profile = new ScenarioReader(ScenarioLibrary.Shipped).Default("x", "x", ScenarioOverrides.None).Variants[0].Host.Profile,
                FileSystem = fileSystem,
                MkfsOptions = [.. mkfs],
            },
        };
        return new MachineSpec("run", variant, "/mnt/docker", "/mnt/out");
    }
}
