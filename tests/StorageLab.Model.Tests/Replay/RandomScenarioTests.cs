using CsCheck;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Maps;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Model.Tests.Maps;
using StorageLab.Model.Tests.ThinProvisioning;
using Xunit;

namespace StorageLab.Model.Tests.Replay;

/// <summary>Random histories of a whole host, with every part checked after every step.</summary>
public sealed class RandomScenarioTests
{
    private readonly NameTable _names = new();

    public static TheoryData<VariantSpec> Variants =>
    [
        TestHosts.Variant(DriverNames.LoopLvm, "xfs", "6.1", ("dm.basesize", "1G")),
        TestHosts.Variant(DriverNames.LoopLvm, "ext4", "3.10.0-1160.el7", ("dm.blkdiscard", "false"), ("dm.basesize", "1G")),
        TestHosts.Variant(DriverNames.LoopLvm, "xfs", "6.1", ("dm.fs", "ext4"), ("dm.mountopt", "discard"), ("dm.basesize", "1G"), ("dm.loopdatasize", "512M"), ("dm.min_free_space", "0%")),
        TestHosts.Variant(DriverNames.DirectLvm, "xfs", "6.1", ("dm.basesize", "1G"), ("dm.mountopt", "discard")),
        TestHosts.Variant(DriverNames.Overlay2),
        TestHosts.Variant(DriverNames.Overlay2, "ext4", "3.10.0-1160.el7"),
    ];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_part_agrees_with_itself_after_every_step_and_an_emptied_host_holds_nothing(VariantSpec variant)
    {
        Gen<(int Kind, int First, int Second, int Size)[]> histories =
            Gen.Select(Gen.Int[0, 13], Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 4_000_000]).Array[5, 30];
        histories.Sample(history => Replay(variant, history), iter: 6, threads: 1);
    }

    private void Replay(VariantSpec variant, (int Kind, int First, int Second, int Size)[] history)
    {
        ImageDefinition[] images =
        [
            TestHosts.Image(_names, "a:1", ["etc/", "etc/passwd=900", "bin/", "bin/sh=900000"], ["app/", "app/a=70000"]),
            TestHosts.Image(_names, "b:1", ["etc/", "etc/passwd=900", "bin/", "bin/sh=900000"], ["-bin/sh", "b=3000000"]),
            TestHosts.Image(_names, "c:1", ["etc/", "etc/passwd=900", "bin/", "bin/sh=900000"], ["app/", "app/a=70000"], ["app/", "app!", "app/c=1"]),
            TestHosts.Image(_names, "a:1", ["etc/", "etc/passwd=901"], ["app/", "app/a=70001"]) with { Key = "a:1-rebuilt", ImageId = ContentIds.Of("rebuilt") },
        ];
        List<Step> steps = [.. history.Select(entry => ToStep(images, entry.Kind, entry.First, entry.Second, entry.Size))];
        // Whatever is left at the end is removed: containers first, then every image.
        steps.AddRange(Enumerable.Range(0, 4).Select(number => new Step.RemoveContainer($"c{number}", Force: true)));
        steps.AddRange(Enumerable.Range(0, 4).Select(number => new Step.RemoveImage($"t:{number}", Force: true)));
        steps.Add(new Step.PruneImages(All: true));
        Scenario scenario = new()
        {
            Name = "random",
            Title = "random",
            Seed = 1,
            Variants = [variant],
            Names = _names,
            StepCount = steps.Count,
            Steps = steps,
        };
        Replayer replayer = new(scenario, variant);
        DiskMapper mapper = new(replayer.Host);
        Sample? fresh = null;
        Sample? last = null;
        foreach (Sample sample in replayer.Run(TestContext.Current.CancellationToken))
        {
            replayer.Driver.CheckInvariants();
            if (replayer.Driver is DevicemapperDriver devicemapper)
                PoolChecker.Check(devicemapper.Pool);
            CheckReferences(replayer.Engine);
            MapChecker.Check(mapper.Read(), replayer.Driver, sample);
            Assert.True(sample.BackingAllocatedBytes >= 0);
            Assert.True(sample.LiveBytes >= 0);
            fresh ??= sample;
            last = sample;
        }

        Assert.Equal(0, last!.LiveBytes);
        Assert.Equal(0, last.LayerCount);
        Assert.Equal(fresh!.PoolDataUsedBlocks, last.PoolDataUsedBlocks);
        if (variant.Driver == DriverNames.Overlay2)
            Assert.Equal(fresh.GraphDirInodes, last.GraphDirInodes);
    }

    private Step ToStep(ImageDefinition[] images, int kind, int first, int second, int size)
    {
        string container = $"c{first}";
        ContainerPath path = ContainerPath.Parse(_names, second == 0 ? "/bin/sh" : $"/data/f{second}");
        return kind switch
        {
            0 or 1 => new Step.Pull(images[first]),
            2 => new Step.Run(images[first].Tag, container),
            3 => new Step.Run("b:1", container),
            4 => new Step.Write(container, [new ContainerOperation.Create(path, size, 1 << 20, FsyncPolicy.End)]),
            5 => new Step.Write(container, [new ContainerOperation.Append(path, size / 10, 4096, FsyncPolicy.Never)]),
            6 => new Step.Write(container, [new ContainerOperation.Delete(path)]),
            7 => new Step.Fstrim(container),
            8 => new Step.RemoveContainer(container, Force: second > 0),
            9 => new Step.RemoveImage(images[first].Tag, Force: second == 0),
            10 => new Step.Tag(images[first].Tag, $"t:{second}"),
            11 => new Step.Commit(container, $"t:{second}"),
            12 => second == 0 ? new Step.Stop(container) : new Step.Start(container),
            _ => new Step.Build(images[first].Tag, $"t:{second}", [new BuildInstruction($"RUN {size % 3}", [new ContainerOperation.Create(path, size, 1 << 20, FsyncPolicy.End)])]),
        };
    }

    /// <summary>Every layer's count is the number of images, children and containers that stand on it.</summary>
    private static void CheckReferences(DockerEngine engine)
    {
        Dictionary<Layer, int> expected = [];
        void Count(Layer? layer)
        {
            if (layer is null)
                return;
            bool isNew = !expected.ContainsKey(layer);
            expected[layer] = expected.GetValueOrDefault(layer) + 1;
            if (isNew)
                Count(layer.Parent);
        }

        foreach (Image image in engine.Images.All)
            Count(image.Top);
        foreach (Container container in engine.Containers.All)
            Count(container.Layer.Parent);
        Assert.Equal(expected.Count, engine.Layers.Count);
        Assert.All(expected, entry => Assert.Equal(entry.Value, entry.Key.ReferenceCount));
        Assert.Equal(expected.Keys.Sum(layer => layer.SizeBytes), engine.Layers.TotalBytes);
    }
}
