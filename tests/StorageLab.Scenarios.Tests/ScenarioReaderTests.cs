using System.Text.RegularExpressions;
using CsCheck;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using Xunit;

namespace StorageLab.Scenarios.Tests;

public sealed class ScenarioReaderTests
{
    private static Step[] Steps(string steps) => [.. ScenarioText.WithSteps(steps).Steps];

    /// <summary>Steps as texts, so that they can be compared: records of immutable arrays are not equal by content.</summary>
    private static string[] Texts(Scenario scenario) => [.. scenario.Steps.Select(step => Text(step, scenario.Names))];

    private static string Text(Step step, NameTable names) => step switch
    {
        Step.Pull pull => $"pull {pull.Image.Key}",
        Step.Write write => $"write {write.Container}: {string.Join("; ", write.Operations.Select(operation => Text(operation, names)))}",
        Step.Build build => $"build {build.FromReference} {build.NewReference}: "
            + string.Join(" | ", build.Instructions.Select(i => $"{i.Text} [{string.Join("; ", i.Operations.Select(operation => Text(operation, names)))}]")),
        _ => step.ToString(),
    };

    private static string Text(ContainerOperation operation, NameTable names) => operation switch
    {
        ContainerOperation.Create o => $"create {o.Path.ToString(names)} {o.LengthBytes}/{o.ChunkBytes} {o.Fsync}",
        ContainerOperation.Append o => $"append {o.Path.ToString(names)} {o.LengthBytes}/{o.ChunkBytes} {o.Fsync}",
        ContainerOperation.Overwrite o => $"overwrite {o.Path.ToString(names)} {o.BlockBytes} at {string.Join(',', o.OffsetsBytes)} {o.Fsync}",
        ContainerOperation.CreateMany o => $"many {o.Directory.ToString(names)} {string.Join(',', o.SizesBytes)} in {o.SubdirectoryCount} {o.Fsync}",
        ContainerOperation.Truncate o => $"truncate {o.Path.ToString(names)} {o.SizeBytes}",
        ContainerOperation.Rename o => $"rename {o.Path.ToString(names)} {o.NewPath.ToString(names)}",
        ContainerOperation.Link o => $"link {o.Path.ToString(names)} {o.NewPath.ToString(names)}",
        ContainerOperation.Delete o => $"delete {o.Path.ToString(names)}",
        ContainerOperation.DeleteTree o => $"delete-tree {o.Path.ToString(names)}",
        ContainerOperation.ChangeMode o => $"chmod {o.Path.ToString(names)}",
        ContainerOperation.MakeDirectory o => $"mkdir {o.Path.ToString(names)}",
        ContainerOperation.ReadFile o => $"read {o.Path.ToString(names)}",
        ContainerOperation.ReadTree o => $"read-tree {o.Path.ToString(names)}",
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    [Fact]
    public void Every_step_is_read_as_Docker_means_it()
    {
        Step[] steps = Steps("""
            - pull: nginx:1.22
            - load: {image: busybox-1.35}
            - tag: {image: nginx:1.22, as: shop/proxy:1}
            - run: {image: shop/proxy:1, name: a}
            - create: {image: shop/proxy:1, name: b}
            - start: b
            - stop: b
            - commit: {container: b, as: saved:1}
            - fstrim: a
            - fstrim-host
            - system-df:
            - wait: 1.5h
            - rm: b
            - rm: {name: a, force: true}
            - rmi: {image: saved:1, force: true}
            - prune
            - prune: all
            - prune: containers
            - observe
            """);

        Assert.Equal("nginx:1.22", Assert.IsType<Step.Pull>(steps[0]).Image.Tag);
        Assert.Equal("busybox:1.35", Assert.IsType<Step.Load>(steps[1]).Image.Tag);
        Assert.Equal(
            [
                new Step.Tag("nginx:1.22", "shop/proxy:1"), new Step.Run("shop/proxy:1", "a"), new Step.CreateContainer("shop/proxy:1", "b"),
                new Step.Start("b"), new Step.Stop("b"), new Step.Commit("b", "saved:1"), new Step.Fstrim("a"), new Step.FstrimHost(), new Step.SystemDf(),
                new Step.Wait(5_400_000_000_000), new Step.RemoveContainer("b", false), new Step.RemoveContainer("a", true),
                new Step.RemoveImage("saved:1", true), new Step.PruneImages(false), new Step.PruneImages(true), new Step.PruneContainers(), new Step.Observe(),
            ],
            steps[2..]);
    }

    [Fact]
    public void Every_file_operation_is_read() =>
        Assert.Equal(
            [
                "write c: create /a 10485760/1048576 End", "write c: append /a 1500/512 Each", "write c: overwrite /a 4096 at 0,65536 Never",
                "write c: truncate /a 0", "write c: rename /a /b", "write c: link /b /c", "write c: chmod /b", "write c: mkdir /d/e",
                "write c: read /b", "write c: read-tree /d", "write c: delete /b", "write c: delete-tree /d", "write c: many /m 100,100,100 in 2 End",
                "write c: mkdir /x; create /x/y 1/1048576 End",
            ],
            Texts(ScenarioText.WithSteps("""
                - write: {in: c, path: /a, size: 10MiB}
                - append: {in: c, path: /a, size: 1.5KB, chunk: 512, fsync: each}
                - overwrite: {in: c, path: /a, offsets: [0, 64K], fsync: never}
                - truncate: {in: c, path: /a, size: 0}
                - rename: {in: c, path: /a, to: /b}
                - link: {in: c, path: /b, to: /c}
                - chmod: {in: c, path: /b}
                - mkdir: {in: c, path: /d/e/}
                - read: {in: c, path: /b}
                - read: {in: c, path: /d, recursive: true}
                - delete: {in: c, path: /b}
                - delete: {in: c, path: /d, recursive: true}
                - many: {in: c, path: /m, count: 3, size: 100, dirs: 2}
                - exec: {in: c, do: [mkdir: {path: /x}, write: {path: /x/y, size: 1}]}
                """)));

    [Fact]
    public void A_build_has_a_layer_per_instruction_that_changes_files() =>
        Assert.Equal(
            ["build debian:12 app:2: RUN make 2 [create /a 1/1048576 End] | CMD [\"a\"] []"],
            Texts(ScenarioText.WithSteps("""
                - repeat:
                    times: 2
                    steps:
                      - from: 2
                        build:
                          from: debian:12
                          tag: app:{i}
                          instructions:
                            - RUN make {i}:
                                - write: {path: /a, size: 1}
                            - CMD ["a"]
                """)));

    [Fact]
    public void Loops_count_from_one_and_conditions_count_turns() =>
        Assert.Equal(
            ["start 1-1", "start 1-2", "stop 1", "start 2-1", "start 2-2", "every second 2", "start 3-1", "start 3-2", "from third 3"],
            Steps("""
                - repeat:
                    times: 3
                    as: day
                    steps:
                      - repeat:
                          times: 2
                          steps: [start: "{day}-{i}"]
                      - {stop: "{day}", until: 1}
                      - {every: 2, steps: [rm: "{day}"]}
                      - {from: 3, rmi: "{day}"}
                """).Select(step => step switch
            {
                Step.Start start => $"start {start.Container}",
                Step.Stop stop => $"stop {stop.Container}",
                Step.RemoveContainer rm => $"every second {rm.Container}",
                Step.RemoveImage rmi => $"from third {rmi.Reference}",
                _ => "?",
            }));

    [Theory]
    [InlineData("{i}", "7")]
    [InlineData("{i-20}", "-13")]
    [InlineData("{i%5}", "2")]
    [InlineData("{(i-20)%5}", "2")]
    [InlineData("{ (i + 1) * 3 / 2 }", "12")]
    [InlineData("{(i-20)/5}", "-3")]
    [InlineData("a{i}b{i*i}c", "a7b49c")]
    [InlineData("{{i}}", "{i}")]
    public void Names_may_be_worked_out(string name, string result) =>
        Assert.Equal(new Step.Start(result), Steps($"- repeat: {{times: 7, steps: [start: '{name}']}}")[6]);

    [Fact]
    public void A_tag_that_was_built_twice_means_the_first_and_a_key_means_that_build()
    {
        Step.Pull[] pulls = [.. Steps(" [pull: nginx:1.22, pull: nginx-1.22-u1, pull: nginx-1.22]").Cast<Step.Pull>()];

        Assert.Equal(["nginx-1.22", "nginx-1.22-u1", "nginx-1.22"], pulls.Select(pull => pull.Image.Key));
        Assert.All(pulls, pull => Assert.Equal("nginx:1.22", pull.Image.Tag));
        Assert.NotEqual(pulls[0].Image.ImageId, pulls[1].Image.ImageId);
        Assert.Same(pulls[0].Image, pulls[2].Image);
    }

    [Fact]
    public void Images_of_the_catalog_share_the_layers_they_have_in_common()
    {
        Step.Pull[] pulls = [.. Steps(" [pull: nginx:1.22, pull: redis:7.0]").Cast<Step.Pull>()];
        Assert.Same(pulls[0].Image.Layers[0].Content, pulls[1].Image.Layers[0].Content);
    }

    [Fact]
    public void A_users_own_archive_stands_beside_the_catalog_and_before_it()
    {
        string folder = Directory.CreateTempSubdirectory("storagelab").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "app.tar"), TarText.DockerArchive(["nginx:1.22"], TarText.Tar(TarText.File("a", "x"))));
            string path = Path.Combine(folder, "mine.yaml");
            File.WriteAllText(path, "title: T\nimages: [app.tar]\nsteps: [pull: nginx:1.22, pull: redis:7.0]");

            Scenario scenario = new ScenarioReader(ScenarioLibrary.Shipped).Read(path, ScenarioOverrides.None);

            Assert.Equal("mine", scenario.Name);
            Assert.Equal([1, 3], scenario.Steps.Cast<Step.Pull>().Select(pull => pull.Image.Layers.Length));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private const string Random = """
        title: T
        seed: 5
        steps:
        - random:
            count: 300
            choices:
              - weight: 3
                write: {in: c, path: '/f{n}', size: 1..1000}
              - many: {in: c, path: /m, count: 5, size: 1KiB..4KiB}
              - repeat: {times: 2, steps: [overwrite: {in: c, path: /f, count: 4, within: 1MiB}]}
        - write: {in: c, path: /last, size: 1..1000000000}
        """;

    [Fact]
    public void Random_choices_are_the_same_at_every_enumeration_and_from_every_thread()
    {
        Scenario scenario = ScenarioText.Read(Random);
        string[] first = Texts(scenario);

        string[][] again = new string[4][];
        Parallel.For(0, again.Length, index => again[index] = Texts(scenario));

        Assert.Equal(scenario.StepCount, first.Length);
        Assert.All(again, texts => Assert.Equal(first, texts));
        Assert.Equal(first, Texts(ScenarioText.Read(Random)));
    }

    [Fact]
    public void Another_seed_gives_other_choices_except_where_a_block_has_its_own()
    {
        string own = Random.Replace("count: 300", "count: 300\n    seed: 9", StringComparison.Ordinal);
        ScenarioOverrides six = new() { Seed = 6 };

        Assert.NotEqual(Texts(ScenarioText.Read(Random)), Texts(ScenarioText.Read(Random, six)));
        Assert.Equal(Texts(ScenarioText.Read(own))[..^1], Texts(ScenarioText.Read(own, six))[..^1]);
        Assert.NotEqual(Texts(ScenarioText.Read(own))[^1], Texts(ScenarioText.Read(own, six))[^1]);
    }

    [Fact]
    public void Choices_come_as_often_as_their_weights_say()
    {
        Step[] steps = Steps("- random: {count: 10000, choices: [{start: a, weight: 7}, {start: b, weight: 2}, start: c]}");
        int Count(string name) => steps.Count(step => step is Step.Start start && start.Container == name);

        Assert.InRange(Count("a"), 6_800, 7_200);
        Assert.InRange(Count("b"), 1_850, 2_150);
        Assert.InRange(Count("c"), 850, 1_150);
    }

    [Fact]
    public void Without_drivers_four_variants_show_the_differences_on_one_current_host()
    {
        Scenario scenario = ScenarioText.WithSteps(" [observe]");

        Assert.Equal(["loop-lvm", "loop-lvm dm.blkdiscard=false", "direct-lvm", "overlay2"], scenario.Variants.Select(variant => variant.Name));
        HostSpec host = Assert.Single(scenario.Variants.Select(variant => variant.Host).Distinct());
        Assert.Equal((KernelVersion.Parse("6.1"), 200L << 30, "sata-ssd", "xfs"), (host.Kernel, host.DiskBytes, host.Profile.Name, host.FileSystem));
    }

    [Fact]
    public void Drivers_run_on_the_first_host_unless_they_name_another()
    {
        Scenario scenario = ScenarioText.Read("""
            title: T
            hosts:
              old: {kernel: 3.10.0-1160.el7, disk: 40GB, profile: hdd-7200, filesystem: xfs, mkfs: [reflink=0]}
              new:
            drivers: [loop-lvm, {driver: overlay2, host: new}, {name: tuned, driver: loop-lvm, options: {DM.BaseSize: 20G, dm.blkdiscard: false}}]
            steps: [observe]
            """);

        Assert.Equal(["loop-lvm on old", "overlay2 on new", "tuned"], scenario.Variants.Select(variant => variant.Name));
        Assert.Equal(40_000_000_000, scenario.Variants[0].Host.DiskBytes);
        Assert.Equal(1160, scenario.Variants[0].Host.Kernel.EnterpriseBuild);
        Assert.Equal(["reflink=0"], scenario.Variants[0].Host.MkfsOptions);
        Assert.Equal("20G", scenario.Variants[2].Options["dm.basesize"]);
    }

    [Fact]
    public void The_command_line_chooses_drivers_and_sets_options()
    {
        Scenario scenario = ScenarioText.Read("title: T\nsteps: [observe]", new ScenarioOverrides
        {
            Drivers = ["loop-lvm", "overlay2"],
            Options = ["dm.blkdiscard=false", "dm.basesize=20G"],
        });

        Assert.Equal(["loop-lvm dm.basesize=20G dm.blkdiscard=false", "overlay2"], scenario.Variants.Select(variant => variant.Name));
    }

    [Fact]
    public void Every_mutation_of_a_scenario_is_a_scenario_or_problems_with_places()
    {
        // Of the images only the smallest: reading large ones again and again is not what is tried here.
        string[] texts =
        [
            .. ScenarioLibrary.Shipped.ScenarioNames.Where(name => name != "ci-host")
                .Select(name => File.ReadAllText(ScenarioLibrary.Shipped.FindScenario(name)))
                .Select(text => Regex.Replace(text, "pull: .*", "pull: busybox:1.35")),
        ];
        string[] pieces = ["{", "}", "[", "]", ":", "- ", "\n", "  ", "'", "\"", "{i}", "-1", "99999999999999999999", "&a ", "*a", "!!int ", "#", "\t", "\0", "é", "null", "%", "|", "> ", "? "];
        Gen.Select(Gen.Int[0, texts.Length - 1], Gen.Select(Gen.Int[0, 1 << 20], Gen.Int[0, 12], Gen.Int[0, pieces.Length - 1]).Array[1, 4]).Sample((which, edits) =>
        {
            string text = texts[which];
            foreach ((int at, int length, int piece) in edits)
            {
                int start = at % text.Length;
                text = string.Concat(text.AsSpan(0, start), pieces[piece], text.AsSpan(Math.Min(text.Length, start + length)));
            }

            try
            {
                Scenario scenario = ScenarioText.Read(text);
                Assert.Equal(scenario.StepCount, scenario.Steps.Count());
            }
            catch (InputException e)
            {
                Assert.All(e.Problems, problem => Assert.True(problem is { Line: > 0, Column: > 0 } && !problem.Message.Contains('\n', StringComparison.Ordinal), problem.ToString()));
            }
        }, iter: 300, threads: 1);
    }
}
