using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using Xunit;

namespace StorageLab.Model.Tests.Replay;

/// <summary>Symbolic links on the way of a container's writes, on an overlay and on a thin device.</summary>
public sealed class PathResolutionTests
{
    private readonly NameTable _names = new();

    [Theory]
    [InlineData(DriverNames.Overlay2)]
    [InlineData(DriverNames.DirectLvm)]
    public void A_write_through_links_lands_where_they_lead(string driver)
    {
        IMountedTree tree = MountDebian(driver);
        ContainerChanges changes = new();
        FsStatus status = new ContainerProcess(_names).Run(tree, changes, [Create("/bin/tool", 5000), Create("/var/run/app/pid", 3)], out string? error);
        Assert.Null(error);
        Assert.Equal(FsStatus.Ok, status);
        Assert.Equal(5000, SizeOf(tree, "/usr/bin/tool"));
        Assert.Equal(3, SizeOf(tree, "/run/app/pid"));
        Assert.Equal(5003, changes.MeasureBytes(tree));
    }

    [Fact]
    public void A_loop_of_links_is_refused_as_the_kernel_does()
    {
        IMountedTree tree = MountDebian(DriverNames.Overlay2);
        FsStatus status = new ContainerProcess(_names).Run(tree, new ContainerChanges(), [Create("/loop/x", 1)], out string? error);
        Assert.Equal(FsStatus.TooManyLinks, status);
        Assert.Equal("/loop/x: too many levels of symbolic links", error);
    }

    [Fact]
    public void Removing_a_link_leaves_what_it_leads_to()
    {
        IMountedTree tree = MountDebian(DriverNames.Overlay2);
        new ContainerProcess(_names).Run(tree, new ContainerChanges(), [new ContainerOperation.Delete(Path("/bin"))], out string? error);
        Assert.Null(error);
        Assert.False(tree.TryStat(Path("/bin").Components.AsSpan(), out _));
        Assert.Equal(70, SizeOf(tree, "/usr/bin/sh"));
    }

    [Fact]
    public void A_committed_link_leads_where_it_led()
    {
        IMountedTree tree = MountDebian(DriverNames.Overlay2);
        ContainerChanges changes = new();
        Assert.Equal(FsStatus.Ok, tree.CreateSymlink(Path("/new").Components.AsSpan(), _names.InternTarget("usr/bin/sh")));
        changes.RecordWrite(Path("/new").Components.AsSpan(), existedBefore: false);
        LayerEntry entry = Assert.Single(changes.ToLayer(tree, _names).Entries.ToArray());
        Assert.Equal(LayerEntryKind.Symlink, entry.Kind);
        Assert.Equal("usr/bin/sh", _names.TextOf(new LinkTarget(entry.LinkIndex, (int)entry.SizeBytes)));
    }

    [Fact]
    public void A_layer_that_unpacks_below_a_link_fills_the_directory_it_leads_to()
    {
        IMountedTree tree = MountDebian(DriverNames.DirectLvm, "bin/added");
        Assert.Equal(9, SizeOf(tree, "/usr/bin/added"));
    }

    [Theory]
    [InlineData("loop/x", "too many levels of symbolic links")]
    [InlineData("nowhere/x", "no such file or directory")]
    [InlineData("hard", "no such file or directory")]
    public void A_layer_whose_own_links_lead_nowhere_fails_as_it_does_in_the_kernel(string path, string error)
    {
        VariantSpec variant = TestHosts.Variant(DriverNames.Overlay2);
        IGraphDriver graph = DriverKinds.Of(DriverNames.Overlay2).Build(HostMachine.Install(variant.Host, _names), StorageOptions.Default(DriverNames.Overlay2));
        LayerContentBuilder layer = new(_names);
        layer.AddSymlink("loop", "/loop");
        layer.AddSymlink("nowhere", "missing");
        if (path == "hard")
            layer.AddHardLink(path, "missing");
        else
            layer.Add(path, LayerEntryKind.File, 9);
        Assert.True(graph.Create("bottom", null).IsOk);
        Assert.EndsWith(error, graph.ApplyDiff("bottom", layer.Build()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_that_unpacks_below_its_own_link_fills_the_directory_it_leads_to()
    {
        VariantSpec variant = TestHosts.Variant(DriverNames.Overlay2);
        IGraphDriver graph = DriverKinds.Of(DriverNames.Overlay2).Build(HostMachine.Install(variant.Host, _names), StorageOptions.Default(DriverNames.Overlay2));
        LayerContentBuilder layer = new(_names);
        layer.Add("usr/bin", LayerEntryKind.Directory, 0);
        layer.AddSymlink("bin", "usr/bin");
        layer.Add("bin/tool", LayerEntryKind.File, 9);
        Assert.True(graph.Create("bottom", null).IsOk);
        Assert.True(graph.ApplyDiff("bottom", layer.Build()).IsOk);
        Assert.True(graph.Get("bottom", out IMountedTree? tree).IsOk);
        Assert.Equal(9, SizeOf(tree!, "/usr/bin/tool"));
    }

    private IMountedTree MountDebian(string driver, string? addedPath = null)
    {
        VariantSpec variant = TestHosts.Variant(driver);
        HostMachine host = HostMachine.Install(variant.Host, _names);
        IGraphDriver graph = DriverKinds.Of(driver).Build(host, StorageOptions.Default(driver));
        LayerContentBuilder layer = new(_names);
        layer.Add("usr", LayerEntryKind.Directory, 0);
        layer.Add("usr/bin", LayerEntryKind.Directory, 0);
        layer.Add("usr/bin/sh", LayerEntryKind.File, 70);
        layer.AddSymlink("bin", "usr/bin");
        layer.Add("run", LayerEntryKind.Directory, 0);
        layer.Add("var", LayerEntryKind.Directory, 0);
        layer.AddSymlink("var/run", "../../run");
        layer.AddSymlink("loop", "/loop");
        Assert.True(graph.Create("bottom", null).IsOk);
        Assert.True(graph.ApplyDiff("bottom", layer.Build()).IsOk);
        LayerContentBuilder upper = new(_names);
        upper.Add(addedPath ?? "other", LayerEntryKind.File, 9);
        Assert.True(graph.Create("upper", "bottom").IsOk);
        Assert.True(graph.ApplyDiff("upper", upper.Build()).IsOk);
        Assert.True(graph.CreateReadWrite("c", "upper").IsOk);
        Assert.True(graph.Get("c", out IMountedTree? tree).IsOk);
        return tree!;
    }

    private ContainerOperation.Create Create(string path, long lengthBytes) => new(Path(path), lengthBytes, 1 << 20, FsyncPolicy.End);

    private ContainerPath Path(string path) => ContainerPath.Parse(_names, path);

    private long SizeOf(IMountedTree tree, string path) =>
        tree.TryStat(Path(path).Components.AsSpan(), out InodeStat stat) ? stat.SizeBytes : -1;
}
