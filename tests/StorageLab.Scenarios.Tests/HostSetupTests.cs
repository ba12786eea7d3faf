using StorageLab.Scenarios.Recorded;
using Xunit;

namespace StorageLab.Scenarios.Tests;

public sealed class HostSetupTests
{
    [Theory]
    [InlineData("mount  /dev/ubdc /var/lib/docker", 10)]
    [InlineData("mount -o noatime,noinit_itable /dev/ubdc /var/lib/docker", 0)]
    [InlineData("mount -o init_itable=3 /dev/ubdc /var/lib/docker", 3)]
    [InlineData("pvcreate /dev/ubdc", 10)]
    public void The_pace_of_ext4s_zeroing_is_the_mounts(string command, int expected) =>
        Assert.Equal(expected, HostSetup.InodeTableWaitMultiple(["mkfs.ext4 -F /dev/ubdc", command]));
}
