using StorageLab.Host.Docker;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using Xunit;

namespace StorageLab.Host.Tests.Docker;

public sealed class ContainerRootTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("storagelab-host-").FullName;
    private readonly NameTable _names = new();

    public ContainerRootTests() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(5, 6), "paths are kept inside a container by openat2(2), of Linux 5.6");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void An_absolute_link_leads_to_the_containers_file_and_not_to_the_hosts()
    {
        Directory.CreateDirectory(Path.Combine(_root, "etc"));
        File.WriteAllText(Path.Combine(_root, "etc/passwd"), "container");
        File.CreateSymbolicLink(Path.Combine(_root, "link"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(_root, "up"), "../../../../etc");
        using ContainerRoot root = new(_root);
        Assert.Equal(9, RandomAccess.GetLength(root.Open("/link", ContainerOpen.ReadOnly)));
        Assert.Equal(9, root.SizeBytes("/up/passwd"));
        root.Delete("/up/passwd");
        Assert.True(File.Exists("/etc/passwd"));
        Assert.False(File.Exists(Path.Combine(_root, "etc/passwd")));
    }

    [Fact]
    public void Every_operation_does_what_it_says()
    {
        ContainerWork work = new(_root, _names);
        work.Do(
            [
                new ContainerOperation.Create(At("/data/a"), 10_000, 4096, FsyncPolicy.End),
                new ContainerOperation.Append(At("/data/a"), 500, 4096, FsyncPolicy.Each),
                new ContainerOperation.Overwrite(At("/data/a"), [4096, 0], 4096, FsyncPolicy.Never),
                new ContainerOperation.Copy([At("/data/a"), At("/data/a")], At("/data/copy"), 65536, FsyncPolicy.Never),
                new ContainerOperation.CreateMany(At("/many"), [1, 2, 3, 4, 5], 2, FsyncPolicy.End),
                new ContainerOperation.Truncate(At("/data/copy"), 77),
                new ContainerOperation.Rename(At("/data/copy"), At("/data/moved")),
                new ContainerOperation.Link(At("/data/moved"), At("/data/linked")),
                new ContainerOperation.ChangeMode(At("/data/linked")),
                new ContainerOperation.MakeDirectory(At("/x/y/z")),
                new ContainerOperation.ReadFile(At("/data/a")),
                new ContainerOperation.ReadTree(At("/")),
                new ContainerOperation.Delete(At("/data/moved")),
                new ContainerOperation.DeleteTree(At("/x")),
                new ContainerOperation.Sync(),
            ],
            CancellationToken.None);
        Assert.Equal(
            ["data/a 10500", "data/linked 77", "many/d0/f00000 1", "many/d0/f00002 3", "many/d0/f00004 5", "many/d1/f00001 2", "many/d1/f00003 4"],
            Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)
                .Select(file => $"{Path.GetRelativePath(_root, file)} {new FileInfo(file).Length}").Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(_root, "x")));
        Assert.Equal(10_000 + 500 + 8192 + 21_000 + 15, work.WrittenBytes);
        Assert.DoesNotContain((byte)0, File.ReadAllBytes(Path.Combine(_root, "data/a")));
    }

    [Fact]
    public void What_fails_is_named_with_the_kernels_reason()
    {
        IOException failure = Assert.Throws<IOException>(
            () => new ContainerWork(_root, _names).Do([new ContainerOperation.Delete(At("/nothing"))], CancellationToken.None));
        Assert.Equal("/nothing: No such file or directory", failure.Message);
    }

    private ContainerPath At(string path) => ContainerPath.Parse(_names, path);
}
