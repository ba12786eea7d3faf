using System.Globalization;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports;

/// <summary>What a run shows, in a sentence each: the titles of the plots and the line under the table. Every number is computed from the run.</summary>
public static class Findings
{
    /// <summary>Values nearer than this are called the same.</summary>
    private const double SameWithin = 1.1;

    /// <summary>Share of the most that was live at once from which space that was not given back is what a run shows.</summary>
    private const double LossShare = 0.1;

    private const double NanosecondsPerSecond = 1e9;

    /// <summary>What the storage holds for what is live: at the end, where a variant keeps what it no longer needs, else at its peak; empty when there is
    /// no variant.</summary>
    public static string Growth(RunSummary run)
    {
        if (Extremes(run, v => v.FinalBackingBytes) is not var (most, least))
            return "";
        if (run.Variants.Length == 1)
            return $"{EndText(most)}, after a peak of {IecBytes.Format(most.PeakBackingBytes)}";
        return run.Variants.Any(v => v.NotGivenBackBytes > v.PeakLiveBytes * LossShare)
            ? $"{EndText(most)}, {least.Variant} at {IecBytes.Format(least.FinalBackingBytes)}"
            : Peak(run);
    }

    /// <summary>What deleting gave back; empty when nothing live was deleted.</summary>
    public static string GivenBack(RunSummary run)
    {
        if (Extremes(run, v => v.GivenBackBytes) is not var (most, least) || most.DeletedLiveBytes <= 0)
            return "";
        string deleted = $"Deleting {IecBytes.Format(least.DeletedLiveBytes)} gave back";
        if (run.Variants.Length > 1 && most.GivenBackBytes <= least.GivenBackBytes * SameWithin)
            return $"{deleted} {AmountText(least.GivenBackBytes)} or a little more on every variant";
        deleted += $" {AmountText(least.GivenBackBytes)} on {least.Variant}";
        return run.Variants.Length == 1 ? deleted : $"{deleted}, but {AmountText(most.GivenBackBytes)} on {most.Variant}";
    }

    /// <summary>Who writes fastest; empty when no time passed or nothing was written.</summary>
    public static string Throughput(RunSummary run)
    {
        if (Extremes(run, v => v.ThroughputBytesPerSecond) is not var (fast, slow) || fast.ThroughputBytesPerSecond is null or 0)
            return "";
        string speed = $"{fast.Variant} writes {IecBytes.Format(fast.ThroughputBytesPerSecond.Value)}/s of content";
        return run.Variants.Length == 1 || slow.ThroughputBytesPerSecond is null or 0
            ? speed
            : $"{speed}, {Times((double)fast.ThroughputBytesPerSecond.Value / slow.ThroughputBytesPerSecond.Value)} what {slow.Variant} does";
    }

    /// <summary>Where the time went on the variant that worked longest; empty when no time passed.</summary>
    public static string Time(RunSummary run)
    {
        if (Extremes(run, v => v.BusyNanoseconds) is not var (slow, fast) || slow.BusyNanoseconds == 0)
            return "";
        OperationCost cost = slow.OperationCosts.Where(c => c.Operation != DockerOperation.Wait).MaxBy(c => c.Nanoseconds)!;
        string share = (100.0 * cost.Nanoseconds / slow.BusyNanoseconds).ToString("0", CultureInfo.InvariantCulture);
        string where = $"{slow.Variant} works {Seconds(slow.BusyNanoseconds)}, {share} % of it in {cost.Operation}";
        return run.Variants.Length == 1 ? where : $"{where}; {fast.Variant} works {Seconds(fast.BusyNanoseconds)}";
    }

    /// <summary>What a byte of content costs on the disk; empty when nothing was written.</summary>
    public static string Amplification(RunSummary run)
    {
        if (Extremes(run, v => v.WriteAmplification) is not var (most, least) || most.WriteAmplification is null)
            return "";
        string cost = $"A byte of content costs {Ratio(most.WriteAmplification.Value)} bytes on the disk";
        if (run.Variants.Length == 1 || least.WriteAmplification is null)
            return $"{cost} of {most.Variant}";
        if (Ratio(most.WriteAmplification.Value) == Ratio(least.WriteAmplification.Value))
            return $"{cost} of every variant";
        // What was written and never reached the disk makes a byte look cheap.
        string lost = least is { WriteAmplification: < 1, FailedStepCount: > 0 } ? $", where {Count(least.FailedStepCount, "step")} failed" : "";
        return $"{cost} of {most.Variant}, {Ratio(least.WriteAmplification.Value)} on that of {least.Variant}{lost}";
    }

    /// <summary>A sentence per variant on which steps failed, with the first failure's text.</summary>
    public static IEnumerable<string> Failures(RunSummary run) => run.Variants
        .Where(v => v.FailedStepCount > 0)
        .Select(v => $"{Count(v.FailedStepCount, "step")} failed on {v.Variant}, first with \"{v.FirstFailure}\"");

    /// <summary>A ratio in three digits, e.g. <c>1.07</c> or <c>23.4</c>.</summary>
    public static string Ratio(double ratio) =>
        ratio.ToString(ratio >= 99.95 ? "0" : ratio >= 9.995 ? "0.0" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>A time in three digits and the unit that suits it, e.g. <c>412 ms</c>, <c>12.4 s</c> or <c>3.10 h</c>.</summary>
    public static string Seconds(long nanoseconds)
    {
        double seconds = nanoseconds / NanosecondsPerSecond;
        if (seconds < 1)
            return $"{Ratio(seconds * 1000)} ms";
        (double perUnit, string unit) = TimeUnit(seconds);
        return $"{Ratio(seconds / perUnit)} {unit}";
    }

    /// <summary>The unit in which a time of a second or more is told: s up to ten minutes, min up to ten hours, h.</summary>
    public static (double SecondsPerUnit, string Unit) TimeUnit(double seconds) => seconds switch
    {
        < 600 => (1, "s"),
        < 36_000 => (60, "min"),
        _ => (3600, "h"),
    };

    private static string Peak(RunSummary run)
    {
        (VariantSummary most, VariantSummary least) = Extremes(run, v => v.PeakBackingBytes)!.Value;
        string live = IecBytes.Format(most.PeakLiveBytes);
        return most.PeakBackingBytes <= SameWithin * least.PeakBackingBytes
            ? $"All variants hold about {IecBytes.Format(most.PeakBackingBytes)} at their peak for {live} of live data"
            : $"{most.Variant} holds {IecBytes.Format(most.PeakBackingBytes)} at its peak for {live} of live data, {least.Variant} {IecBytes.Format(least.PeakBackingBytes)}";
    }

    private static string EndText(VariantSummary variant) =>
        $"{variant.Variant} ends at {IecBytes.Format(variant.FinalBackingBytes)} allocated for {LiveText(variant)}";

    private static string LiveText(VariantSummary variant) =>
        variant.FinalLiveBytes == 0 ? "no live data at all" : $"{IecBytes.Format(variant.FinalLiveBytes)} of live data";

    /// <summary>Nothing where deleting cost space, too: a transaction of the pool.</summary>
    private static string AmountText(long bytes) => bytes <= 0 ? "nothing" : IecBytes.Format(bytes);

    private static string Times(double ratio) =>
        ratio < 1.05 ? "about" : string.Create(CultureInfo.InvariantCulture, $"{ratio:0.0} times");

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {noun}s");

    /// <summary>The variants with the largest and the smallest value, of equals the first; null without variants.</summary>
    private static (VariantSummary Most, VariantSummary Least)? Extremes<T>(RunSummary run, Func<VariantSummary, T> value) =>
        run.Variants.IsEmpty ? null : (run.Variants.MaxBy(value)!, run.Variants.MinBy(value)!);
}
