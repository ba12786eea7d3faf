using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using Xunit;

namespace StorageLab.Reports.Tests;

public sealed class RunReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("storagelab-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(60, "60")]
    [InlineData(100_000, "100k")]
    public void A_finished_report_holds_tables_and_every_plot_and_nothing_else(int stepCount, string name)
    {
        string folder = Path.Combine(Environment.GetEnvironmentVariable("STORAGELAB_TEST_PLOTS") ?? _folder, name);
        Record(folder, FakeRun.Scenario(stepCount));

        Assert.Equal(["block-map.json", "report.html", "samples.csv", "summary.csv", "summary.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        string[] plots = ["amplification", "given-back", "growth", "pool-and-file", "throughput", "time"];
        Assert.Equal(
            plots.SelectMany(p => new[] { p + ".png", p + ".svg" }).Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(folder, "plots")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_tables_are_the_same_to_the_byte_however_the_threads_took_turns()
    {
        Scenario scenario = FakeRun.Scenario(300);
        Record(Path.Combine(_folder, "a"), scenario);
        using (RunReport alternating = new(Path.Combine(_folder, "b"), scenario))
        {
            // One row of every variant in turn, the last variant first.
            var streams = scenario.Variants.Select(v => FakeRun.Samples(v.Name, scenario.StepCount).GetEnumerator()).ToArray();
            for (var row = 0; row <= scenario.StepCount; row++)
            {
                for (int i = streams.Length - 1; i >= 0; i--)
                {
                    Assert.True(streams[i].MoveNext());
                    alternating[i].Add(streams[i].Current);
                }
            }
            alternating.Finish();
        }
        foreach (string file in new[] { "samples.csv", "summary.csv", "summary.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "a", file)), File.ReadAllBytes(Path.Combine(_folder, "b", file)));
    }

    [Fact]
    public void What_was_recorded_before_an_interrupt_is_whole()
    {
        Scenario scenario = FakeRun.Scenario(1000, "loop-lvm", "overlay2");
        using RunReport report = new(_folder, scenario);
        foreach (Sample sample in FakeRun.Samples("loop-lvm", 1000).Take(10))
            report[0].Add(sample);
        RunSummary summary = report.Finish();

        Assert.False(summary.IsComplete);
        Assert.Equal("loop-lvm", Assert.Single(summary.Variants).Variant);
        string[] lines = File.ReadAllText(report.SamplesPath).Split('\n');
        Assert.Equal((12, ""), (lines.Length, lines[^1]));
    }

    [Fact]
    public void A_report_that_was_not_finished_leaves_no_file()
    {
        using (RunReport report = new(_folder, FakeRun.Scenario(10)))
            report[0].Add(FakeRun.Samples("loop-lvm", 10).First());
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_plot_that_this_run_has_no_data_for_is_not_left_over_from_the_last()
    {
        Record(_folder, FakeRun.Scenario(30));
        Record(_folder, FakeRun.Scenario(30, "overlay2"));
        Assert.False(File.Exists(Path.Combine(_folder, "plots", "pool-and-file.png")));
        Assert.True(File.Exists(Path.Combine(_folder, "plots", "growth.png")));
    }

    [Fact]
    public void A_folder_that_cannot_be_is_refused_at_once()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.ThrowsAny<IOException>(() => new RunReport(Path.Combine(file, "below"), FakeRun.Scenario(1)).Dispose());
    }

    private static RunSummary Record(string folder, Scenario scenario)
    {
        using RunReport report = new(folder, scenario);
        Parallel.For(0, scenario.Variants.Length, i =>
        {
            foreach (Sample sample in FakeRun.Samples(scenario.Variants[i].Name, scenario.StepCount))
                report[i].Add(sample);
        });
        return report.Finish();
    }
}
