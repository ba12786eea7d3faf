using StorageLab.Model.Measurement;
using Xunit;

namespace StorageLab.Reports.Tests;

public sealed class VariantSummaryTests
{
    [Fact]
    public void No_sample_gives_no_summary() => Assert.Null(new VariantSummaryBuilder().ToSummary());

    [Fact]
    public void A_run_stopped_before_its_first_step_has_levels_and_no_rates()
    {
        VariantSummary summary = Summarize(FakeRun.Samples("loop-lvm", 5).Take(1));
        Assert.Equal(0, summary.StepCount);
        Assert.Equal(summary.FreshBackingBytes, summary.FinalBackingBytes);
        Assert.Equal(0, summary.NotGivenBackBytes);
        Assert.Null(summary.WriteAmplification);
        Assert.Null(summary.ThroughputBytesPerSecond);
        Assert.Null(summary.SlowestStep);
        Assert.Empty(summary.OperationCosts);
    }

    [Theory]
    [InlineData("loop-lvm")]
    [InlineData("loop-lvm dm.blkdiscard=false")]
    [InlineData("overlay2")]
    public void Every_metric_is_what_the_samples_say(string variant)
    {
        Sample[] samples = [.. FakeRun.Samples(variant, 200)];
        Sample[] steps = samples[1..];
        VariantSummary summary = Summarize(samples);

        Assert.Equal(samples.Max(s => s.BackingAllocatedBytes), summary.PeakBackingBytes);
        Assert.Equal(samples.Max(s => s.LiveBytes), summary.PeakLiveBytes);
        Assert.Equal(samples.Max(s => s.HostFsUsedInodes), summary.PeakInodes);
        Assert.Equal(samples.Max(s => s.PoolMetadataUsedBlocks), summary.PeakMetadataUsedBlocks);
        Assert.Equal(steps.Sum(s => s.At(Floor.Content)!.Value.WriteBytes), summary.ContentWriteBytes);
        Assert.Equal((double)steps.Sum(s => s.At(Floor.Disk)!.Value.WriteBytes) / summary.ContentWriteBytes, summary.WriteAmplification);
        Assert.Equal(steps.Sum(s => s.StepNanoseconds), summary.BusyNanoseconds);
        Assert.Equal((long)(summary.ContentWriteBytes / (summary.BusyNanoseconds / 1e9)), summary.ThroughputBytesPerSecond!.Value, tolerance: 1.0);
        Assert.Equal(steps.MaxBy(s => s.StepNanoseconds)!.StepIndex, summary.SlowestStep!.StepIndex);
        Assert.Equal(summary.BusyNanoseconds, summary.OperationCosts.Sum(c => c.Nanoseconds));
    }

    [Fact]
    public void What_is_not_given_back_is_what_the_backing_holds_above_a_fresh_host_and_the_live_data()
    {
        VariantSummary summary = Summarize(FakeRun.Samples("loop-lvm dm.blkdiscard=false", 60));
        Assert.Equal(summary.FinalBackingBytes - summary.FreshBackingBytes - summary.FinalLiveBytes, summary.NotGivenBackBytes);
        Assert.Equal(0, summary.GivenBackBytes);
        Assert.True(summary.DeletedLiveBytes > 0);
    }

    [Fact]
    public void Waiting_counts_as_time_but_not_as_work()
    {
        Sample[] samples = [.. FakeRun.Samples("overlay2", 10)];
        long elapsed = samples[^1].ElapsedNanoseconds + 5_000_000_000;
        Sample wait = samples[^1] with { StepIndex = 11, Operation = DockerOperation.Wait, StepNanoseconds = 5_000_000_000, ElapsedNanoseconds = elapsed };
        VariantSummary with = Summarize(samples.Append(wait));
        VariantSummary without = Summarize(samples);
        Assert.Equal(without.BusyNanoseconds, with.BusyNanoseconds);
        Assert.Equal(without.VirtualNanoseconds + 5_000_000_000, with.VirtualNanoseconds);
        Assert.Equal(without.SlowestStep, with.SlowestStep);
    }

    [Fact]
    public void Refused_and_failed_steps_are_counted_apart_and_the_first_failure_is_kept()
    {
        Sample[] samples = [.. FakeRun.Samples("loop-lvm", 6)];
        samples[2] = samples[2] with { Result = StepResult.Refused, Error = "conflict" };
        samples[3] = samples[3] with { Result = StepResult.Failed, Error = "no space left on device" };
        samples[5] = samples[5] with { Result = StepResult.Failed, Error = "later" };
        VariantSummary summary = Summarize(samples);
        Assert.Equal((1, 2, "no space left on device"), (summary.RefusedStepCount, summary.FailedStepCount, summary.FirstFailure));
    }

    [Theory]
    [InlineData("rm", true)]
    [InlineData("rmi", true)]
    [InlineData("prune", true)]
    [InlineData("run", false)]
    [InlineData("fstrim", false)]
    public void Removing_images_and_containers_is_a_delete(string operation, bool expected) => Assert.Equal(expected, DockerOperation.IsDelete(operation));

    private static VariantSummary Summarize(IEnumerable<Sample> samples)
    {
        VariantSummaryBuilder builder = new();
        foreach (Sample sample in samples)
            builder.Add(sample);
        return builder.ToSummary()!;
    }
}
