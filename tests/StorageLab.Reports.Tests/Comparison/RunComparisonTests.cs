using StorageLab.Model.Measurement;
using StorageLab.Reports.Comparison;
using StorageLab.Reports.Plots;
using Xunit;

namespace StorageLab.Reports.Tests.Comparison;

public sealed class RunComparisonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("storagelab-compare-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_is_like_itself()
    {
        ComparedRun run = Run("loop-lvm", 40);
        RunComparison comparison = RunComparison.Of(run, run);
        Assert.Equal(41, comparison.StepCount);
        Assert.Null(comparison.Parting);
        Assert.All(comparison.Differences, difference => Assert.Equal((0.0, 0.0, 0.0), (difference.Share, difference.MedianShare, difference.WorstShare)));
    }

    [Fact]
    public void Levels_are_compared_at_the_end_and_flows_by_their_sums()
    {
        Sample[] left = [.. FakeRun.Samples("overlay2", 3)];
        Sample[] right = [.. left.Select(sample => sample with { BackingAllocatedBytes = sample.BackingAllocatedBytes * 2, StepNanoseconds = sample.StepNanoseconds + 10 })];
        RunComparison comparison = RunComparison.Of(Run(left, "a.csv"), Run(right, "b.csv"));
        MetricDifference allocated = comparison.Differences.First(difference => difference.Metric.Name == "backing_allocated_bytes");
        Assert.Equal((left[^1].BackingAllocatedBytes, right[^1].BackingAllocatedBytes), (allocated.Left, allocated.Right));
        Assert.Equal(1.0, allocated.Share);
        Assert.Equal(1.0, allocated.MedianShare);
        MetricDifference time = comparison.Differences.First(difference => difference.Metric.Name == "step_ns");
        Assert.Equal(30, time.Right - time.Left);
    }

    [Fact]
    public void Where_the_steps_part_is_told_and_nothing_beyond_it_is_compared()
    {
        Sample[] left = [.. FakeRun.Samples("overlay2", 5)];
        Sample[] right = [.. left.Select(sample => sample.StepIndex == 3 ? sample with { Operation = "other" } : sample)];
        RunComparison comparison = RunComparison.Of(Run(left, "a.csv"), Run(right, "b.csv"));
        Assert.Equal(3, comparison.StepCount);
        Assert.StartsWith("from step 3 on they do different things", comparison.Parting, StringComparison.Ordinal);
        Assert.Equal("after step 5 only the second goes on", RunComparison.Of(Run(left, "a.csv"), Run([.. left, left[^1] with { StepIndex = 6 }], "c.csv")).Parting);
    }

    [Fact]
    public void The_plots_and_the_table_are_written()
    {
        RunComparison comparison = RunComparison.Of(Run("loop-lvm", 30), Run("overlay2", 30));
        ComparisonPlot.Write(_folder, comparison, "A", "B");
        using (FileStream csv = File.Create(Path.Combine(_folder, "compare.csv")))
            ComparisonCsv.Write(comparison, csv);
        Assert.Equal(comparison.StepCount + 1, File.ReadAllLines(Path.Combine(_folder, "compare.csv")).Length);
        Assert.All((string[])["allocated.png", "allocated.svg", "difference.png", "difference.svg"], name => Assert.True(new FileInfo(Path.Combine(_folder, name)).Length > 1000));
    }

    private ComparedRun Run(string variant, int stepCount) => Run([.. FakeRun.Samples(variant, stepCount)], variant + ".csv");

    private ComparedRun Run(Sample[] samples, string name)
    {
        string path = Path.Combine(_folder, name);
        using (FileStream stream = File.Create(path))
        {
            SamplesCsvWriter writer = new(stream);
            writer.WriteHeader();
            foreach (Sample sample in samples)
                writer.Write(sample);
            writer.Flush();
        }

        return Assert.Single(ComparedRun.Read(path));
    }
}
