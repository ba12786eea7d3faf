using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;
using StorageLab.Model.FileSystems.Ext4;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

public sealed class Ext4ConformanceTests : FileSystemConformanceTests
{
    private protected override IFileSystem Format(IBlockDevice device)
    {
        Ext4FileSystem fileSystem = Ext4FileSystem.Format(device, Ext4FormatOptions.DockerBase, out FsStatus status);
        Assert.Equal(FsStatus.Ok, status);
        return fileSystem;
    }
}
