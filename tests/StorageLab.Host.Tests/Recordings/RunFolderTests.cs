using StorageLab.Host.Docker;
using StorageLab.Host.Machines;
using StorageLab.Host.Recordings;
using StorageLab.Model.Blocks;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;
using StorageLab.Scenarios.Recorded;
using Xunit;

namespace StorageLab.Host.Tests.Recordings;

public sealed class RunFolderTests : IDisposable
{
    private const string Everything =
        """
        title: Every step
        hosts:
          small: {kernel: "6.1", disk: 60GiB, profile: sata-ssd, filesystem: xfs, mkfs: [reflink=0]}
        drivers:
          - {driver: loop-lvm, host: small, options: {dm.blkdiscard: false}}
        steps:
          - pull: busybox:1.35
          - load: nginx:1.22
          - tag: {image: busybox:1.35, as: box:1}
          - run: {image: busybox:1.35, name: one}
          - create: {image: busybox:1.35, name: two}
          - write: {in: one, path: /data/a, size: 5MiB}
          - exec:
              in: one
              do:
                - append: {path: /data/a, size: 4KiB}
                - overwrite: {path: /data/a, count: 3, block: 4KiB, within: 1MiB}
                - many: {path: /m, count: 5, size: 1KiB}
                - write: {path: /data/b, size: 2KiB}
                - truncate: {path: /data/b, size: 1KiB}
                - rename: {path: /data/b, to: /data/c}
                - link: {path: /data/c, to: /data/d}
                - chmod: {path: /data/c}
                - mkdir: {path: /x/y}
                - read: {path: /data/a}
                - delete: {path: /data/d}
          - build:
              from: busybox:1.35
              tag: mine:1
              instructions:
                - RUN make:
                    - write: {path: /opt/x, size: 1MiB}
                - CMD x
          - commit: {container: one, as: saved:1}
          - stop: one
          - start: one
          - fstrim: one
          - fstrim-host:
          - system-df:
          - wait: 90s
          - observe:
          - rm: {name: one, force: true}
          - rm: two
          - rmi: {image: saved:1, force: true}
          - prune:
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("storagelab-host-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_written_run_is_read_back_as_the_scenario_it_is_of()
    {
        Scenario scenario = ReadEverything();
        RecordedRun run = RecordedRunReader.Read(Write(scenario));

        Assert.Equal(scenario.Variants[0].Driver, run.Variant.Driver);
        Assert.Equal(scenario.Variants[0].Options, run.Variant.Options);
        Assert.Equal(scenario.Variants[0].Host.DiskBytes, run.Variant.Host.DiskBytes);
        Assert.Equal("xfs", run.Variant.Host.FileSystem);
        Assert.Contains(run.Variant.Host.MkfsOptions, option => option.Contains("reflink=0", StringComparison.Ordinal));
        Assert.Empty(run.Notes);
        Step[] expected = [.. scenario.Steps], actual = [.. run.Scenario.Steps];
        Assert.Equal(
            expected.Select(step => StepRunner.Describe(step)).Select(step => (step.Operation == "pull" ? "load" : step.Operation, step.Target)),
            actual.Select(step => StepRunner.Describe(step)));
        Assert.Equal(
            expected.SelectMany(Operations).Select(operation => Shown(operation, scenario.Names)),
            actual.SelectMany(Operations).Select(operation => Shown(operation, run.Scenario.Names)));
        Assert.Equal(5_000_000_000, run.Rows[2].WallNanoseconds);
        Assert.Equal(1043, run.Rows[1].Values["pool_data_used_blocks"]);
        Assert.Equal(4096, run.Rows[1].Values["disk_write_bytes"]);
        Assert.Equal(3, run.Rows[1].HeldDeviceCount);
        Assert.Equal("a \"quoted\", text", run.Rows[^1].Error);
    }

    [Fact]
    public void A_written_image_has_the_layers_it_was_loaded_with()
    {
        Scenario scenario = ReadEverything();
        RecordedRun run = RecordedRunReader.Read(Write(scenario));
        ImageDefinition written = scenario.Steps.OfType<Step.Load>().Single().Image;
        ImageDefinition read = run.Scenario.Steps.OfType<Step.Load>().Single(load => load.Image.Tag == "nginx:1.22").Image;
        Assert.Equal(new ImageArchive(scenario.Names).Describe(written).DiffIds, read.Layers.Select(layer => layer.DiffId));
        for (var layer = 0; layer < written.Layers.Length; layer++)
        {
            Assert.Equal(
                Entries(written.Layers[layer].Content, scenario.Names),
                Entries(read.Layers[layer].Content, run.Scenario.Names));
        }
    }

    /// <summary>What a scenario's file can say, and what only a session or a recording does.</summary>
    private Scenario ReadEverything()
    {
        Scenario read = new ScenarioReader(ScenarioLibrary.Shipped).Parse(Everything, Path.Combine(_folder, "everything.yaml"), ScenarioOverrides.None);
        ContainerPath a = ContainerPath.Parse(read.Names, "/data/a"), b = ContainerPath.Parse(read.Names, "/data/b");
        Step[] more =
        [
            new Step.Write("one", [
                new ContainerOperation.Copy([a, b], b, 65536, FsyncPolicy.Never), new ContainerOperation.Sync(),
                new ContainerOperation.ReadTree(a), new ContainerOperation.DeleteTree(b),
            ]),
            new Step.RestartDaemon(), new Step.PruneContainers(), new Step.DropCaches(),
        ];
        Step[] steps = [.. read.Steps, .. more];
        return read with { Steps = steps, StepCount = steps.Length };
    }

    private string Write(Scenario scenario)
    {
        string folder = Path.Combine(_folder, "runs", "every");
        Directory.CreateDirectory(folder);
        MachineSpec spec = new("every", scenario.Variants[0], "/mnt/docker", folder);
        DaemonDriver driver = new("devicemapper", [KeyValuePair.Create("Deferred Deleted Device Count", "3")], "/mnt/docker");
        new RunFile(spec, spec.SetupCommands.Select(command => new SetupCommand(command, 0, "")), ["dockerd"], driver)
        {
            Kernel = "6.1.176",
            DockerVersion = "20.10.24",
            MappingTable = "",
            FinalMappingStatus = null,
        }.Write(folder);
        ScenarioFile.Write(scenario, folder);
        RecordedImageFiles.Write(scenario, Path.Combine(_folder, "images"));
        using TrajectoryWriter trajectory = new(folder);
        trajectory.Add(step: null, SampleOf(0, ""), driver);
        Step[] steps = [.. scenario.Steps];
        for (var index = 0; index < steps.Length; index++)
            trajectory.Add(steps[index], SampleOf(index + 1, index == steps.Length - 1 ? "a \"quoted\", text" : ""), driver);
        return folder;
    }

    private static Sample SampleOf(int index, string error)
    {
        var floors = new IoCounters?[Enum.GetValues<Floor>().Length];
        floors[(int)Floor.Disk] = new IoCounters { WriteBytes = 4096 };
        return new Sample
        {
            Scenario = "everything",
            Variant = "loop-lvm",
            Driver = "loop-lvm",
            Options = "",
            Engine = "docker",
            Seed = 1,
            StepIndex = index,
            Operation = "",
            Target = "",
            Result = error.Length == 0 ? StepResult.Ok : StepResult.Refused,
            Error = error,
            ElapsedNanoseconds = 10_000_000_000L * (index + 1),
            StepNanoseconds = 5_000_000_000,
            LiveLayersBytes = 0,
            LiveContainersBytes = 0,
            LayerCount = 0,
            ImageCount = 0,
            DanglingImageCount = 0,
            ContainerCount = 0,
            RunningContainerCount = 0,
            BackingAllocatedBytes = 0,
            PoolDataUsedBlocks = 1043,
            HostFsTotalBytes = 0,
            HostFsUsedBytes = 0,
            HostFsUsedInodes = 0,
            PageCacheBytes = 0,
            Floors = floors,
        };
    }

    private static IEnumerable<ContainerOperation> Operations(Step step) => step switch
    {
        Step.Write write => write.Operations,
        Step.Build build => build.Instructions.SelectMany(instruction => instruction.Operations),
        _ => [],
    };

    private static string Shown(ContainerOperation operation, NameTable names) => operation switch
    {
        ContainerOperation.Create create => $"create {create.Path.ToString(names)} {create.LengthBytes} {create.ChunkBytes} {create.Fsync}",
        ContainerOperation.Append append => $"append {append.Path.ToString(names)} {append.LengthBytes} {append.ChunkBytes} {append.Fsync}",
        ContainerOperation.Overwrite overwrite =>
            $"overwrite {overwrite.Path.ToString(names)} {string.Join(' ', overwrite.OffsetsBytes)} {overwrite.BlockBytes} {overwrite.Fsync}",
        ContainerOperation.CreateMany many => $"many {many.Directory.ToString(names)} {string.Join(' ', many.SizesBytes)} {many.SubdirectoryCount} {many.Fsync}",
        ContainerOperation.Copy copy => $"copy {copy.Path.ToString(names)} {string.Join(' ', copy.Sources.Select(path => path.ToString(names)))} {copy.ChunkBytes} {copy.Fsync}",
        ContainerOperation.Truncate truncate => $"truncate {truncate.Path.ToString(names)} {truncate.SizeBytes}",
        ContainerOperation.Rename rename => $"rename {rename.Path.ToString(names)} {rename.NewPath.ToString(names)}",
        ContainerOperation.Link link => $"link {link.Path.ToString(names)} {link.NewPath.ToString(names)}",
        ContainerOperation.MakeDirectory make => $"mkdir {make.Path.ToString(names)}",
        ContainerOperation.ReadFile read => $"read {read.Path.ToString(names)}",
        ContainerOperation.Delete delete => $"delete {delete.Path.ToString(names)}",
        ContainerOperation.ChangeMode change => $"chmod {change.Path.ToString(names)}",
        _ => operation.GetType().Name,
    };

    /// <summary>Entries in order; a link's number depends on its table, so the text stands for it.</summary>
    private static List<string> Entries(LayerContent layer, NameTable names)
    {
        List<string> shown = [];
        foreach (LayerEntry entry in layer.Entries)
        {
            string link = entry.Kind == LayerEntryKind.Symlink ? names.TextOf(new LinkTarget(entry.LinkIndex, (int)entry.SizeBytes)) : $"{entry.LinkIndex}";
            shown.Add($"{entry.ParentIndex} {names.NameOf(entry.Name)} {entry.Kind} {entry.SizeBytes} {entry.Mode} {link}");
        }

        return shown;
    }
}
