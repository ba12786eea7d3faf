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

        Assert.Equal(["samples.csv", "summary.csv", "summary.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        string[] plots = ["amplification", "given-back", "growth", "pool-and-file", "throughput", "time"];
        Assert.Equal(
            plots.SelectMany(p => new[] { p + ".png", p + ".svg" }).Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(folder, "plots")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
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
