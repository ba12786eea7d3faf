using System.Globalization;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports;

/// <summary>One row of the summary as people read it.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Value">Its value with its unit; <see cref="Absent"/> where the driver has no such thing.</param>
public sealed record SummaryMetric(string Name, Func<VariantSummary, string> Value)
{
    private const string Absent = "-";

    /// <summary>All rows in their order.</summary>
    public static IReadOnlyList<SummaryMetric> All { get; } =
    [
        new("peak allocated", v => IecBytes.Format(v.PeakBackingBytes)),
        new("final allocated", v => IecBytes.Format(v.FinalBackingBytes)),
        new("peak live", v => IecBytes.Format(v.PeakLiveBytes)),
        new("final live", v => IecBytes.Format(v.FinalLiveBytes)),
        new("not given back", v => IecBytes.Format(v.NotGivenBackBytes)),
        new("content written", v => IecBytes.Format(v.ContentWriteBytes)),
        new("written to disk", v => IecBytes.Format(v.DiskWriteBytes)),
        new("amplification", v => v.WriteAmplification is { } ratio ? Findings.Ratio(ratio) : Absent),
        new("pool metadata", v => v.PeakMetadataUsedBlocks is { } blocks ? IecBytes.Format(blocks * VariantSummary.MetadataBlockBytes) : Absent),
        new("peak inodes", v => Number(v.PeakInodes)),
        new("final inodes", v => Number(v.FinalInodes)),
        new("throughput", v => v.ThroughputBytesPerSecond is { } speed ? IecBytes.Format(speed) + "/s" : Absent),
        new("time worked", v => Findings.Seconds(v.BusyNanoseconds)),
        new("slowest step", v => v.SlowestStep is { } step ? $"{step.StepIndex} {step.Operation}" : Absent),
        new("steps", v => Number(v.StepCount)),
        new("refused", v => Number(v.RefusedStepCount)),
        new("failed", v => Number(v.FailedStepCount)),
    ];

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
