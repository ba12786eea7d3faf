using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;
using StorageLab.Model.FileSystems.Xfs;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

public sealed class XfsConformanceTests : FileSystemConformanceTests
{
    private protected override IFileSystem Format(IBlockDevice device)
    {
        XfsFileSystem fileSystem = XfsFileSystem.Format(device, XfsFormatOptions.Current, out FsStatus status);
        Assert.Equal(FsStatus.Ok, status);
        return fileSystem;
    }
}
