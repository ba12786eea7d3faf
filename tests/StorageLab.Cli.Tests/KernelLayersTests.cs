using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Recorded;
using Xunit;

namespace StorageLab.Cli.Tests;

/// <summary>Layers of a recorded image, unpacked one over the other, against what a real kernel did with the same entries.</summary>
/// <remarks>
/// Linux 6.1.176 (User-mode Linux), no Docker: a thin pool, mkfs.xfs, and for every layer of py:1 a snapshot that is mounted with nouuid, unpacked into and unmounted.
/// Where the flusher had its turn in the middle, the program that unpacked slept seven seconds after so many entries of the first layer.
/// </remarks>
public sealed class KernelLayersTests
{
    private static readonly Lazy<RecordedRun> LargeBlocks = new(() => Read("S1-direct-lvm"));
    private static readonly Lazy<RecordedRun> SmallBlocks = new(() => Read("S2-direct-lvm-64k"));

    /// <param name="flushEntry">Entry of the first layer at which the flusher wakes; 0 for never.</param>
    /// <param name="tolerance">Blocks by which a layer may be off: the kernel's own runs differ by one.</param>
    /// <param name="expected">Pool blocks of 512 KiB that each layer took.</param>
    [Theory]
    [InlineData(0, 1, new[] { 110, 97, 79, 33 })]
    [InlineData(200, 1, new[] { 110, 99, 79, 35 })]
    [InlineData(400, 1, new[] { 110, 107, 80, 42 })]
    [InlineData(800, 1, new[] { 110, 110, 80, 46 })]
    [InlineData(1200, 1, new[] { 110, 101, 79, 38 })]
    [InlineData(1600, 0, new[] { 110, 97, 79, 34 })]
    public void Large_blocks_are_shared_out_as_in_the_kernel_also_when_the_flusher_comes_in_between(int flushEntry, int tolerance, int[] expected)
    {
        int[] blocks = BlocksOfLayers(LargeBlocks.Value.Variant, flushEntry);
        Assert.All(blocks.Zip(expected), pair => Assert.InRange(pair.First, pair.Second - tolerance, pair.Second + tolerance));
    }

    [Theory]
    [InlineData(0, new[] { 760, 533, 241, 74 })]
    [InlineData(600, new[] { 760, 536, 241, 76 })]
    public void Small_blocks_are_shared_out_as_in_the_kernel(int flushEntry, int[] expected) =>
        Assert.Equal(expected, BlocksOfLayers(SmallBlocks.Value.Variant, flushEntry));

    private static RecordedRun Read(string run) => RecordedRunReader.Read(Path.Combine(Repository.Root, "recordings/runs", run));

    private static int[] BlocksOfLayers(VariantSpec variant, int flushEntry)
    {
        Scenario scenario = LargeBlocks.Value.Scenario;
        ImageDefinition image = scenario.Steps.OfType<Step.Load>().First(load => load.Image.Tag == "py:1").Image;
        HostMachine host = HostMachine.Install(variant.Host, scenario.Names);
        var driver = (DevicemapperDriver)DriverKinds.Of(variant.Driver).Build(host, StorageOptions.Parse(variant.Driver, variant.Options, out _));
        List<int> blocks = [];
        string? parent = null;
        foreach (ImageLayer layer in image.Layers)
        {
            long before = driver.Pool.DataUsedBlockCount;
            string id = $"layer-{blocks.Count}";
            Assert.True(driver.Create(id, parent).IsOk);
            if (flushEntry > 0 && parent is null)
                LetFiveSecondsPass(host, layer.Content, flushEntry);
            Assert.True(driver.ApplyDiff(id, layer.Content).IsOk);
            host.Pace.BeginStep(endNanoseconds: 0);
            blocks.Add((int)(driver.Pool.DataUsedBlockCount - before));
            parent = id;
        }

        return [.. blocks];
    }

    /// <summary>Sets the pace so that the flusher's period is over with so many entries.</summary>
    private static void LetFiveSecondsPass(HostMachine host, LayerContent content, int entryCount)
    {
        long doneBytes = LayerUnpacker.LayerWorkBytes / 2;
        foreach (LayerEntry entry in content.Entries[..entryCount])
            doneBytes += LayerUnpacker.EntryWorkBytes + entry.SizeBytes;
        long totalBytes = LayerUnpacker.WorkBytes(content);
        host.Pace.BeginStep(host.Clock.NowNanoseconds + (long)(5e9 * totalBytes / doneBytes));
        host.Pace.Plan(totalBytes);
    }
}
