using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

public sealed class FdatasyncTests
{
    private readonly NameTable _names = new();

    [Theory]
    [InlineData("xfs")]
    [InlineData("ext4")]
    public void Data_in_place_is_written_and_flushed_and_nothing_is_logged(string fileSystem)
    {
        HostMachine host = MakeFile(fileSystem, out InodeId file);
        IoCounters before = host.Disk.Counters;

        Assert.Equal(FsStatus.Ok, host.FileSystem.Write(file, 8192, 4096));
        Assert.Equal(FsStatus.Ok, host.FileSystem.Fdatasync(file));

        IoCounters cost = host.Disk.Counters.Since(before);
        Assert.Equal((4096, 1), (cost.WriteBytes, cost.FlushCount));
    }

    [Theory]
    [InlineData("xfs")]
    [InlineData("ext4")]
    public void A_file_that_has_grown_is_logged_as_by_fsync(string fileSystem)
    {
        HostMachine host = MakeFile(fileSystem, out InodeId file);
        IoCounters before = host.Disk.Counters;

        Assert.Equal(FsStatus.Ok, host.FileSystem.Write(file, 65536, 4096));
        Assert.Equal(FsStatus.Ok, host.FileSystem.Fdatasync(file));
        Assert.True(host.Disk.Counters.Since(before).WriteBytes > 4096);

        // What has been logged is not logged again.
        before = host.Disk.Counters;
        Assert.Equal(FsStatus.Ok, host.FileSystem.Write(file, 65536, 4096));
        Assert.Equal(FsStatus.Ok, host.FileSystem.Fdatasync(file));
        Assert.Equal(4096, host.Disk.Counters.Since(before).WriteBytes);
    }

    private HostMachine MakeFile(string fileSystem, out InodeId file)
    {
        HostMachine host = HostMachine.Install(TestHosts.Host(fileSystem), _names);
        Assert.Equal(FsStatus.Ok, host.FileSystem.Create(host.FileSystem.Root, _names.Intern("f"), InodeKind.File, out file));
        Assert.Equal(FsStatus.Ok, host.FileSystem.Write(file, 0, 65536));
        Assert.Equal(FsStatus.Ok, host.FileSystem.Sync());
        return host;
    }
}
