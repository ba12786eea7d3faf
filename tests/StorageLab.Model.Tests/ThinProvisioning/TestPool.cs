using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.ThinProvisioning;
using Xunit;

namespace StorageLab.Model.Tests.ThinProvisioning;

/// <summary>A pool with the devices below it.</summary>
internal sealed class TestPool
{
    public const long BlockBytes = 64 << 10;

    public static readonly KernelVersion CentOs7 = KernelVersion.Parse("3.10.0-1160.el7");
    public static readonly KernelVersion Debian12 = KernelVersion.Parse("6.1");

    public TestPool(
        long dataBlockCount, long metadataBlockCount, KernelVersion? kernel = null, long blockBytes = BlockBytes, Func<ThinPoolOptions, ThinPoolOptions>? with = null,
        bool takesDiscards = true)
    {
        Data = new RecordingDevice(dataBlockCount * blockBytes, takesDiscards);
        Metadata = new RecordingDevice(metadataBlockCount * 4096);
        var options = new ThinPoolOptions { DataBlockBytes = blockBytes, Kernel = kernel ?? Debian12 };
        Options = with is null ? options : with(options);
        Pool = new ThinPool(Data, Metadata, Options, Clock);
    }

    public RecordingDevice Data { get; }

    public RecordingDevice Metadata { get; }

    public VirtualClock Clock { get; } = new();

    public ThinPoolOptions Options { get; }

    public ThinPool Pool { get; }

    /// <summary>Docker's default loop-lvm pool: 100 GiB of data in 64 KiB blocks, 2 GiB of metadata.</summary>
    public static TestPool LoopLvm(KernelVersion kernel) => new(1_638_400, 524_288, kernel);

    public ThinDevice CreateAndOpen(int id, long lengthBytes = 10L << 30)
    {
        Assert.Equal(ThinMessageStatus.Ok, Pool.CreateThin(id));
        return Pool.Open(id, lengthBytes);
    }
}
