using CsCheck;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.Drivers;

/// <summary>What every graph driver must do, whatever it is stacked from.</summary>
public abstract class DriverConformanceTests
{
    private readonly NameTable _names = new();

    protected abstract VariantSpec Variant { get; }

    private IGraphDriver Build(out HostMachine host)
    {
        host = HostMachine.Install(Variant.Host, _names);
        StorageOptions options = StorageOptions.Parse(Variant.Driver, Variant.Options, out var problems);
        Assert.Empty(problems);
        return DriverKinds.Of(Variant.Driver).Build(host, options);
    }

    [Fact]
    public void A_layer_shows_its_parents_files_and_its_own()
    {
        IGraphDriver driver = Build(out _);
        Unpack(driver, "bottom", null, "etc/", "etc/passwd=100");
        Unpack(driver, "app", "bottom", "app/", "app/run=5000");
        Assert.Equal(["/app", "/app/run=5000", "/etc", "/etc/passwd=100"], Show(driver, "app"));
        Assert.Equal(["/etc", "/etc/passwd=100"], Show(driver, "bottom"));
    }

    [Fact]
    public void A_whiteout_hides_a_file_and_an_opaque_directory_hides_all_below()
    {
        IGraphDriver driver = Build(out _);
        Unpack(driver, "bottom", null, "etc/", "etc/passwd=100", "var/", "var/a=1", "var/b=2");
        Unpack(driver, "app", "bottom", "etc/", "-etc/passwd", "var/", "var!", "var/c=3");
        Assert.Equal(["/etc", "/var", "/var/c=3"], Show(driver, "app"));
    }

    [Fact]
    public void What_a_container_does_leaves_its_image_alone()
    {
        IGraphDriver driver = Build(out _);
        Unpack(driver, "bottom", null, "etc/", "etc/passwd=100", "bin/", "bin/sh=70000");
        string[] before = Show(driver, "bottom");
        Assert.True(driver.CreateReadWrite("c1", "bottom").IsOk);
        Assert.True(driver.Get("c1", out IMountedTree? tree).IsOk);
        Assert.Equal(FsStatus.Ok, tree!.Remove(Path("/etc/passwd")));
        Assert.Equal(FsStatus.Ok, tree.OpenForWriting(Path("/bin/sh"), truncate: false, out InodeId file));
        Assert.Equal(FsStatus.Ok, tree.FileSystem.Write(file, 70000, 1));
        Assert.Equal(FsStatus.Ok, tree.OpenForWriting(Path("/etc/new"), truncate: true, out _));
        Assert.True(driver.Put("c1").IsOk);
        Assert.Equal(["/bin", "/bin/sh=70001", "/etc", "/etc/new=0"], Show(driver, "c1"));
        Assert.Equal(before, Show(driver, "bottom"));
    }

    [Fact]
    public void Removing_every_layer_gives_back_what_the_layers_took()
    {
        IGraphDriver driver = Build(out HostMachine host);
        // The first layer leaves directories of the driver's own behind.
        Unpack(driver, "first", null, "a=1");
        Assert.True(driver.Remove("first").IsOk);
        driver.Sync();
        long inodesBefore = host.FileSystem.Usage.UsedInodeCount;
        long liveBefore = LiveBytes(driver);
        Unpack(driver, "bottom", null, "etc/", "etc/passwd=100", "big=3000000");
        Unpack(driver, "app", "bottom", "-big", "app=900000");
        Assert.True(LiveBytes(driver) > liveBefore);
        Assert.True(driver.Remove("app").IsOk);
        Assert.True(driver.Remove("bottom").IsOk);
        driver.Sync();
        Assert.Equal(liveBefore, LiveBytes(driver));
        Assert.Equal(inodesBefore, host.FileSystem.Usage.UsedInodeCount);
        host.FileSystem.CheckInvariants();
    }

    [Fact]
    public void An_unknown_parent_is_refused()
    {
        IGraphDriver driver = Build(out _);
        DriverOutcome outcome = driver.Create("child", "nobody");
        Assert.True(outcome.IsRefusal);
        Assert.NotNull(outcome.Error);
    }

    [Fact]
    public void A_containers_files_are_those_of_a_plain_dictionary_after_any_operations()
    {
        Gen<(int Kind, int First, int Second, int Size)[]> operations =
            Gen.Select(Gen.Int[0, 6], Gen.Int[0, 8], Gen.Int[0, 8], Gen.Int[0, 200_000]).Array[1, 25];
        operations.Sample(RunAgainstDictionary, iter: 60, threads: 1);
    }

    private void RunAgainstDictionary((int Kind, int First, int Second, int Size)[] operations)
    {
        IGraphDriver driver = Build(out HostMachine host);
        Unpack(driver, "bottom", null, "d0/", "d0/f0=10", "d0/f1=5000", "d1/", "d1/f0=70000", "f0=1", "f1=2");
        Unpack(driver, "app", "bottom", "-f1", "d1/", "d1!", "d1/f2=9", "d2/", "d2/f1=100");
        Assert.True(driver.CreateReadWrite("c", "app").IsOk);
        Assert.True(driver.Get("c", out IMountedTree? tree).IsOk);
        SortedDictionary<string, long> oracle = new(StringComparer.Ordinal)
        {
            ["/d0"] = -1,
            ["/d0/f0"] = 10,
            ["/d0/f1"] = 5000,
            ["/d1"] = -1,
            ["/d1/f2"] = 9,
            ["/d2"] = -1,
            ["/d2/f1"] = 100,
            ["/f0"] = 1,
        };
        foreach ((int kind, int first, int second, int size) in operations)
        {
            Apply(tree!, oracle, kind, PathOf(first), PathOf(second), size);
            Assert.Equal(oracle.Select(entry => entry.Value < 0 ? entry.Key : $"{entry.Key}={entry.Value}"), Show(tree!, ""));
        }

        Assert.True(driver.Put("c").IsOk);
        driver.Sync();
        host.FileSystem.CheckInvariants();
    }

    private static string PathOf(int number) => number < 3 ? $"/f{number}" : $"/d{(number / 3) - 1}/f{number % 3}";

    private void Apply(IMountedTree tree, SortedDictionary<string, long> oracle, int kind, string first, string second, int size)
    {
        string directory = first[..Math.Max(first.LastIndexOf('/'), 0)];
        switch (kind)
        {
            case 0:
                FsStatus opened = tree.OpenForWriting(Path(first), truncate: true, out InodeId file);
                Assert.Equal(directory.Length == 0 || oracle.ContainsKey(directory) ? FsStatus.Ok : FsStatus.NotFound, opened);
                if (opened != FsStatus.Ok)
                    return;
                Assert.Equal(FsStatus.Ok, tree.FileSystem.Write(file, 0, size + 1));
                oracle[first] = size + 1;
                break;
            case 1 when oracle.ContainsKey(first):
                Assert.Equal(FsStatus.Ok, tree.OpenForWriting(Path(first), truncate: false, out file));
                Assert.Equal(FsStatus.Ok, tree.FileSystem.Write(file, oracle[first], size + 1));
                oracle[first] += size + 1;
                break;
            case 2:
                Assert.Equal(oracle.Remove(first) ? FsStatus.Ok : FsStatus.NotFound, tree.Remove(Path(first)));
                break;
            case 3 when directory.Length > 0:
                Assert.Equal(oracle.TryAdd(directory, -1) ? FsStatus.Ok : FsStatus.Exists, tree.MakeDirectory(Path(directory)));
                break;
            case 4 when directory.Length > 0:
                Assert.Equal(oracle.ContainsKey(directory) ? FsStatus.Ok : FsStatus.NotFound, tree.RemoveTree(Path(directory)));
                foreach (string path in oracle.Keys.Where(key => key == directory || key.StartsWith(directory + "/", StringComparison.Ordinal)).ToArray())
                    oracle.Remove(path);
                break;
            case 5 when oracle.ContainsKey(first) && first != second
                && (second.LastIndexOf('/') == 0 || oracle.ContainsKey(second[..second.LastIndexOf('/')])):
                Assert.Equal(FsStatus.Ok, tree.Rename(Path(first), Path(second)));
                oracle[second] = oracle[first];
                oracle.Remove(first);
                break;
            case 6 when oracle.ContainsKey(first):
                Assert.Equal(FsStatus.Ok, tree.SetAttributes(Path(first)));
                break;
        }
    }

    private static long LiveBytes(IGraphDriver driver) => driver is DevicemapperDriver devicemapper
        ? devicemapper.Pool.DataUsedBlockCount * devicemapper.Pool.Options.DataBlockBytes
        : driver.Observe(Samples.Empty).BackingAllocatedBytes;

    private void Unpack(IGraphDriver driver, string id, string? parent, params string[] entries)
    {
        Assert.Equal(DriverOutcome.Ok, driver.Create(id, parent));
        Assert.Equal(DriverOutcome.Ok, driver.ApplyDiff(id, TestHosts.Layer(_names, entries)));
    }

    private string[] Show(IGraphDriver driver, string id)
    {
        Assert.Equal(DriverOutcome.Ok, driver.Get(id, out IMountedTree? tree));
        string[] shown = [.. Show(tree!, "")];
        Assert.Equal(DriverOutcome.Ok, driver.Put(id));
        return shown;
    }

    private IEnumerable<string> Show(IMountedTree tree, string path)
    {
        foreach (string name in tree.List(Path(path)).Select(_names.NameOf).Order(StringComparer.Ordinal).ToArray())
        {
            string child = $"{path}/{name}";
            Assert.True(tree.TryStat(Path(child), out InodeStat stat));
            yield return stat.Kind == InodeKind.Directory ? child : $"{child}={stat.SizeBytes}";
            foreach (string below in stat.Kind == InodeKind.Directory ? Show(tree, child) : [])
                yield return below;
        }
    }

    private NameId[] Path(string path) => [.. ContainerPath.Parse(_names, path + "/").Components];
}
