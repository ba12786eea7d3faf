using System.Globalization;
using StorageLab.Cli.Validation;
using StorageLab.Model.Measurement;
using StorageLab.Scenarios.Recorded;
using Xunit;

namespace StorageLab.Cli.Tests;

/// <summary>The model against every recorded run, held at what docs/model.md says of it.</summary>
public sealed class RecordedRunsTests
{
    /// <summary>Half a percentage point: what makes one step better by much may make another worse by a block.</summary>
    private const double Slack = 0.005;

    /// <summary>Of what goes through, more hangs on the moment at which the kernel works on its own.</summary>
    private const double FlowSlack = 0.02;

    private static readonly Lazy<Dictionary<string, string[]>> Promises = new(ReadPromises);

    public static TheoryData<string> Runs =>
        [.. RecordedRunFolders.Find([Path.Combine(Repository.Root, "recordings")]).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_recorded_run_agrees_at_least_as_well_as_the_documentation_says(string run)
    {
        RunValidation validation = RunValidation.Of(RecordedRunReader.Read(Path.Combine(Repository.Root, "recordings/runs", run)), () => { });

        Assert.Empty(validation.ErrorMismatches);
        Assert.Empty(validation.Run.Notes);
        string[] cells = Promises.Value[run];
        Assert.Equal(AgreementMetric.All.Length, cells.Length);
        for (var column = 0; column < cells.Length; column++)
        {
            MetricAgreement? metric = validation.Metrics.FirstOrDefault(metric => metric.Metric == AgreementMetric.All[column]);
            Assert.Equal(metric is null, cells[column] == "-");
            if (metric is null)
                continue;
            double[] promised = [.. cells[column].Split(" / ").Select(cell => double.Parse(cell.TrimEnd('%'), CultureInfo.InvariantCulture) / 100)];
            double worst = metric.Metric.IsFlow ? metric.SumError : metric.WorstError;
            double slack = metric.Metric.IsFlow ? FlowSlack : Slack;
            Assert.True(
                metric.MedianError <= promised[0] + slack && worst <= promised[1] + slack,
                $"{metric.Metric.Name}: {Percent.Measured(metric.MedianError)} / {Percent.Measured(worst)}, promised {cells[column]}");
        }
    }

    [Fact]
    public void The_documentation_speaks_of_the_recorded_runs_and_no_others() =>
        Assert.Equal(Runs.Select(row => row.Data).Order(StringComparer.Ordinal), Promises.Value.Keys.Order(StringComparer.Ordinal));

    private static Dictionary<string, string[]> ReadPromises() =>
        File.ReadLines(Path.Combine(Repository.Root, "docs/model.md"))
            .SkipWhile(line => line != "<!-- agreement -->")
            .TakeWhile(line => line != "<!-- /agreement -->")
            .Where(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .ToDictionary(cells => cells[0], cells => cells[1..]);
}
