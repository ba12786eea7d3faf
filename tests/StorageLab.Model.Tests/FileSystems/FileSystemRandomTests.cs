using CsCheck;
using StorageLab.Model.FileSystems.Xfs;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>Random operations on small file systems, beside a naive tree; the state must agree with itself after every step.</summary>
public sealed class FileSystemRandomTests
{
    private const long MiB = 1L << 20;
    private static readonly Gen<(int Kind, int Where, int Name, int Size)> Operation =
        Gen.Select(Gen.Int[0, 13], Gen.Int[0, 30], Gen.Int[0, 40], Gen.Int[0, 3_000_000]);

    [Fact]
    public void Xfs_agrees_with_a_plain_tree_on_a_roomy_disk() =>
        Operation.Array[1, 120].Sample(operations => Run(operations, XfsFormatOptions.Current, 1024 * MiB), iter: 60);

    [Fact]
    public void Xfs_of_CentOS_7_agrees_with_a_plain_tree() =>
        Operation.Array[1, 80].Sample(operations => Run(operations, XfsFormatOptions.CentOs7WithoutChecksums, 512 * MiB), iter: 25);

    [Fact]
    public void Xfs_stays_consistent_when_the_disk_is_too_small() =>
        Operation.Array[40, 160].Sample(operations => Run(operations, XfsFormatOptions.Current, 384 * MiB, sizeFactor: 40), iter: 30);

    private static void Run((int Kind, int Where, int Name, int Size)[] operations, XfsFormatOptions options, long diskBytes, int sizeFactor = 1)
    {
        SnapshotDevice device = new(diskBytes, 65536);
        XfsFileSystem fileSystem = XfsFileSystem.Format(device, options, out _);
        fileSystem.Mount();
        FileSystemDriver driver = new(fileSystem);
        foreach ((int kind, int where, int name, int size) in operations)
        {
            driver.Apply(kind, where, name, (long)size * sizeFactor);
            driver.FileSystem.CheckInvariants();
        }

        driver.CheckAgainstOracle();
    }
}
