using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Reports;
using Xunit;

namespace StorageLab.Cli.Tests;

public sealed class ScenarioRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("storagelab-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Every_variant_is_replayed_once_whatever_the_number_of_threads(int threadCount)
    {
        Scenario scenario = ScenarioOf(20, "a", "b", "c");
        using RunReport report = new(_folder, scenario);
        ScenarioRun run = new(scenario, report, (s, v, _, stop) => Replay(s, v, stop));
        await run.RunAsync(threadCount, TestContext.Current.CancellationToken);
        Assert.Equal(60, run.StepsDoneOfAll);
        RunSummary summary = report.Finish();
        Assert.True(summary.IsComplete);
        Assert.Equal(["a", "b", "c"], summary.Variants.Select(v => v.Variant));
    }

    [Fact]
    public async Task No_more_variants_run_at_once_than_there_are_threads()
    {
        int running = 0, most = 0;
        IEnumerable<Sample> Count(Scenario scenario, VariantSpec variant, CancellationToken stop)
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            Thread.Sleep(5);
            foreach (Sample sample in Replay(scenario, variant, stop))
                yield return sample;
            Interlocked.Decrement(ref running);
        }
        Scenario scenario = ScenarioOf(3, "a", "b", "c", "d", "e", "f");
        using RunReport report = new(_folder, scenario);
        await new ScenarioRun(scenario, report, (s, v, _, stop) => Count(s, v, stop)).RunAsync(2, TestContext.Current.CancellationToken);
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task An_interrupt_ends_every_variant_and_keeps_what_was_measured()
    {
        using CancellationTokenSource interrupt = new();
        IEnumerable<Sample> Interrupting(Scenario scenario, VariantSpec variant, CancellationToken stop)
        {
            foreach (Sample sample in Replay(scenario, variant, stop))
            {
                yield return sample;
                if (sample.StepIndex == 5)
                    interrupt.Cancel();
            }
        }
        Scenario scenario = ScenarioOf(1_000_000, "a", "b");
        using RunReport report = new(_folder, scenario);
        await new ScenarioRun(scenario, report, (s, v, _, stop) => Interrupting(s, v, stop)).RunAsync(2, interrupt.Token);
        RunSummary summary = report.Finish();
        Assert.False(summary.IsComplete);
        Assert.Equal(summary.Variants.Sum(v => v.StepCount + 1) + 1, File.ReadLines(report.SamplesPath).Count());
    }

    [Fact]
    public async Task A_variant_that_breaks_stops_the_others_and_is_not_swallowed()
    {
        IEnumerable<Sample> Breaking(Scenario scenario, VariantSpec variant, CancellationToken stop)
        {
            foreach (Sample sample in Replay(scenario, variant, stop))
                yield return variant.Name == "b" && sample.StepIndex == 3 ? throw new InvalidDataException("broken") : sample;
        }
        Scenario scenario = ScenarioOf(10_000_000, "a", "b");
        using RunReport report = new(_folder, scenario);
        ScenarioRun run = new(scenario, report, (s, v, _, stop) => Breaking(s, v, stop));
        await Assert.ThrowsAsync<InvalidDataException>(() => run.RunAsync(2, TestContext.Current.CancellationToken));
        Assert.True(run.StepsDone(0) < 10_000_000);
    }

    private static IEnumerable<Sample> Replay(Scenario scenario, VariantSpec variant, CancellationToken stop)
    {
        for (var step = 0; step <= scenario.StepCount && !stop.IsCancellationRequested; step++)
        {
            yield return new Sample
            {
                Scenario = scenario.Name,
                Variant = variant.Name,
                Driver = variant.Driver,
                Options = "",
                Engine = "model",
                Seed = 1,
                StepIndex = step,
                Operation = step == 0 ? "daemon-start" : "pull",
                Target = "",
                Result = StepResult.Ok,
                Error = "",
                ElapsedNanoseconds = step,
                StepNanoseconds = 1,
                LiveLayersBytes = step,
                LiveContainersBytes = 0,
                LayerCount = 0,
                ImageCount = 0,
                DanglingImageCount = 0,
                ContainerCount = 0,
                RunningContainerCount = 0,
                BackingAllocatedBytes = step,
                HostFsTotalBytes = 0,
                HostFsUsedBytes = 0,
                HostFsUsedInodes = 0,
                PageCacheBytes = 0,
                Floors = new IoCounters?[Enum.GetValues<Floor>().Length],
            };
        }
    }

    private static Scenario ScenarioOf(int stepCount, params string[] variants)
    {
        HostSpec host = new()
        {
            Name = "host",
            Kernel = new KernelVersion(6, 1, 0),
            DiskBytes = 1L << 40,
            FileSystem = "xfs",
            Profile = new DiskProfile
            {
                Name = "fast",
                ReadBytesPerSecond = 1,
                WriteBytesPerSecond = 1,
                ReadLatencyNanoseconds = 0,
                WriteLatencyNanoseconds = 0,
                SeekNanoseconds = 0,
                FlushNanoseconds = 0,
                QueueDepth = 1,
            },
        };
        return new Scenario
        {
            Name = "fake",
            Title = "Fake",
            Seed = 1,
            Names = new NameTable(),
            StepCount = stepCount,
            Steps = [],
            Variants = [.. variants.Select(name => new VariantSpec { Name = name, Driver = "overlay2", Host = host })],
        };
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
