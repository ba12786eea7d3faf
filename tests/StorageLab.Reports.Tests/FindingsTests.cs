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
    public void The_growth_is_that_of_the_peak_where_everything_is_given_back()
    {
        RunSummary run = Summarize(60, "direct-lvm", "overlay2");
        VariantSummary more = run.Variants[0] with { PeakBackingBytes = 3 << 20, FinalBackingBytes = 1 << 20, FreshBackingBytes = 1 << 20 };
        VariantSummary less = run.Variants[1] with { PeakBackingBytes = 1 << 20, FinalBackingBytes = 0, FreshBackingBytes = 0 };
        Assert.Equal(
            $"direct-lvm holds 3.00 MiB at its peak for {IecBytes.Format(more.PeakLiveBytes)} of live data, overlay2 1.00 MiB",
            Findings.Growth(run with { Variants = [more, less] }));
        Assert.StartsWith("All variants hold about 3.00 MiB at their peak", Findings.Growth(run with { Variants = [more, more] }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_the_same_on_all_variants_is_said_once()
    {
        RunSummary run = Summarize(60, "loop-lvm", "overlay2");
        RunSummary same = run with { Variants = [run.Variants[0], run.Variants[0] with { Variant = "other" }] };
        Assert.EndsWith(" bytes on the disk of every variant", Findings.Amplification(same), StringComparison.Ordinal);
        Assert.EndsWith(" on every variant", Findings.GivenBack(same), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(41_200_000, "41.2 ms")]
    [InlineData(3_000_000_000, "3.00 s")]
    [InlineData(295_200_000_000, "295 s")]
    [InlineData(1_140_000_000_000, "19.0 min")]
    [InlineData(36_000_000_000_000, "10.0 h")]
    public void Times_have_three_digits_and_the_unit_that_suits_them(long nanoseconds, string text) => Assert.Equal(text, Findings.Seconds(nanoseconds));

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
