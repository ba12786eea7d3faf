using StorageLab.Model.Measurement;
using Xunit;

namespace StorageLab.Reports.Tests;

public sealed class FindingsTests
{
    [Fact]
    public void The_growth_names_who_holds_most_and_least_for_the_same_live_data()
    {
        RunSummary run = Summarize(60, FakeRun.Variants);
        string finding = Findings.Growth(run);
        Assert.StartsWith("loop-lvm dm.blkdiscard=false ends at ", finding, StringComparison.Ordinal);
        Assert.EndsWith($", overlay2 at {IecBytes.Format(run.Variants[3].FinalBackingBytes)}", finding, StringComparison.Ordinal);
    }

    [Fact]
    public void One_variant_is_not_compared_with_itself()
    {
        RunSummary run = Summarize(20, "overlay2");
        Assert.DoesNotContain(", overlay2", Findings.Growth(run), StringComparison.Ordinal);
        Assert.DoesNotContain(", overlay2", Findings.GivenBack(run), StringComparison.Ordinal);
        Assert.DoesNotContain("times", Findings.Throughput(run), StringComparison.Ordinal);
    }

    [Fact]
    public void Deleting_without_discards_gives_back_nothing() =>
        Assert.Contains("gave back nothing on loop-lvm dm.blkdiscard=false", Findings.GivenBack(Summarize(60, FakeRun.Variants)), StringComparison.Ordinal);

    [Fact]
    public void Nothing_written_and_nothing_deleted_is_no_finding()
    {
        RunSummary run = Summarize(0, "loop-lvm", "overlay2");
        Assert.Equal("", Findings.GivenBack(run) + Findings.Amplification(run));
        Assert.Empty(Findings.Failures(run));
        RunSummary empty = run with { Variants = [] };
        Assert.Equal("", Findings.Growth(empty) + Findings.Throughput(empty) + Findings.Time(empty));
        Assert.False(empty.IsComplete);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "0.98 KiB")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(10_000, "9.77 KiB")]
    [InlineData(67_739_648, "64.6 MiB")]
    [InlineData(1L << 40, "1.00 TiB")]
    [InlineData(-2048, "-2.00 KiB")]
    [InlineData(long.MinValue, "-8.00 EiB")]
    public void Bytes_are_read_in_units_of_1024(long bytes, string text) => Assert.Equal(text, IecBytes.Format(bytes));

    private static RunSummary Summarize(int stepCount, params string[] variants) => new(
        "pull-delete-churn", "Pull and delete", 7, stepCount,
        [.. variants.Select(variant =>
        {
            VariantSummaryBuilder builder = new();
            foreach (Sample sample in FakeRun.Samples(variant, stepCount))
                builder.Add(sample);
            return builder.ToSummary()!;
        })]);
}
