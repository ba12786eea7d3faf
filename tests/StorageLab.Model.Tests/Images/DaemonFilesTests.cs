using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.Images;

/// <summary>What the daemon makes durable, against the calls of fsync and fdatasync that strace saw of dockerd 20.10.24.</summary>
/// <remarks>On ext4 an fsync of a new file is two flushes, one before the commit record and one behind it, and an fdatasync of pages in place is one.</remarks>
public sealed class DaemonFilesTests
{
    private readonly NameTable _names = new();

    [Fact]
    public void Creating_a_container_syncs_five_files() => Assert.Equal(5 * 2, CountFlushes((files, id) => files.WriteContainer(id)));

    [Fact]
    public void Starting_one_syncs_three_files_and_nine_transactions() =>
        Assert.Equal((3 * 2) + (9 * 2), CountFlushes((files, id) => files.WriteContainerStart(id)));

    [Fact]
    public void The_end_of_one_syncs_two_files_and_six_transactions() =>
        Assert.Equal((2 * 2) + (6 * 2), CountFlushes((files, id) => files.WriteContainerExit(id)));

    [Fact]
    public void A_layer_s_files_are_each_made_durable_and_leave_no_trace_where_they_were_made()
    {
        VariantSpec variant = TestHosts.Variant(DriverNames.Overlay2, "ext4");
        HostMachine host = HostMachine.Install(variant.Host, _names);
        IGraphDriver driver = DriverKinds.Of(variant.Driver).Build(host, StorageOptions.Default(variant.Driver));
        LayerStore layers = new(driver, host.Root, new IdSource(1));
        ImageLayer bottom = TestHosts.Image(_names, "a:1", ["etc/", "etc/passwd=100"]).Layers[0];
        ImageLayer app = TestHosts.Image(_names, "b:1", ["app=5000"]).Layers[0];

        Assert.True(layers.Register(null, bottom, out Layer? first).IsOk);
        long before = host.Disk.Counters.FlushCount;
        Assert.True(layers.Register(first, app, out Layer? second).IsOk);

        // tar-split.json.gz, diff, size, cache-id and parent.
        Assert.Equal(5 * 2, host.Disk.Counters.FlushCount - before);
        Assert.False(host.Root.TryFind("image/overlay2/layerdb/tmp/write-set", out _));
        Assert.True(host.Root.TryFind($"image/overlay2/layerdb/sha256/{ContentIds.Hex(second!.ChainId)}/parent", out _));
    }

    /// <summary>Flushes of what is done for a container, when the databases have had one before.</summary>
    private long CountFlushes(Func<DaemonFiles, string, FsStatus> act)
    {
        HostMachine host = HostMachine.Install(TestHosts.Host("ext4"), _names);
        DaemonFiles files = new(host.Root, "overlay2", hasTemporaryFilesElsewhere: true);
        Assert.Equal(FsStatus.Ok, files.WriteFirstStart());
        for (var number = 0; number < 2; number++)
        {
            Assert.Equal(FsStatus.Ok, files.WriteContainer($"c{number}"));
            Assert.Equal(FsStatus.Ok, files.WriteContainerStart($"c{number}"));
            Assert.Equal(FsStatus.Ok, files.WriteContainerExit($"c{number}"));
        }

        Assert.Equal(FsStatus.Ok, host.FileSystem.Sync());
        long before = host.Disk.Counters.FlushCount;
        Assert.Equal(FsStatus.Ok, act(files, "c3"));
        return host.Disk.Counters.FlushCount - before;
    }
}
