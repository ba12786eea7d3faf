using System.Globalization;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports;

/// <summary>What a run shows, in a sentence each: the titles of the plots and the line under the table. Every number is computed from the run.</summary>
public static class Findings
{
    /// <summary>Final values nearer than this are called the same.</summary>
    private const double SameWithin = 1.1;

    private const double NanosecondsPerSecond = 1e9;

    /// <summary>How much the drivers hold at the end for what is live; empty when there is no variant.</summary>
    public static string Growth(RunSummary run)
    {
        if (Extremes(run, v => v.FinalBackingBytes) is not var (most, least))
            return "";
        if (run.Variants.Length > 1 && most.FinalBackingBytes <= SameWithin * least.FinalBackingBytes)
            return $"All variants end within a tenth of {IecBytes.Format(most.FinalBackingBytes)} allocated for {LiveText(most)}";
        string finding = $"{most.Variant} ends at {IecBytes.Format(most.FinalBackingBytes)} allocated for {LiveText(most)}";
        return run.Variants.Length == 1
            ? $"{finding}, after a peak of {IecBytes.Format(most.PeakBackingBytes)}"
            : $"{finding}, {least.Variant} at {IecBytes.Format(least.FinalBackingBytes)}";
    }

    /// <summary>What deleting gave back; empty when nothing live was deleted.</summary>
    public static string GivenBack(RunSummary run)
    {
        if (Extremes(run, v => v.GivenBackBytes) is not var (most, least) || most.DeletedLiveBytes <= 0)
            return "";
        string deleted = $"Deleting {IecBytes.Format(least.DeletedLiveBytes)} gave back {AmountText(least.GivenBackBytes)} on {least.Variant}";
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
        string cost = $"A byte of content costs {Ratio(most.WriteAmplification.Value)} bytes on the disk of {most.Variant}";
        return run.Variants.Length == 1 || least.WriteAmplification is null
            ? cost
            : $"{cost}, {Ratio(least.WriteAmplification.Value)} on that of {least.Variant}";
    }

    /// <summary>A sentence per variant on which steps failed, with the first failure's text.</summary>
    public static IEnumerable<string> Failures(RunSummary run) => run.Variants
        .Where(v => v.FailedStepCount > 0)
        .Select(v => $"{Count(v.FailedStepCount, "step")} failed on {v.Variant}, first with \"{v.FirstFailure}\"");

    /// <summary>A ratio in three digits, e.g. <c>1.07</c> or <c>23.4</c>.</summary>
    public static string Ratio(double ratio) =>
        ratio.ToString(ratio >= 99.95 ? "0" : ratio >= 9.995 ? "0.0" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>A time in the unit that suits it, e.g. <c>412 ms</c>, <c>12.4 s</c> or <c>3.1 h</c>.</summary>
    public static string Seconds(long nanoseconds)
    {
        double seconds = nanoseconds / NanosecondsPerSecond;
        return seconds switch
        {
            < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.#} ms"),
            < 600 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"),
            < 36_000 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.#} h"),
        };
    }

    private static string LiveText(VariantSummary variant) =>
        variant.FinalLiveBytes == 0 ? "no live data at all" : $"{IecBytes.Format(variant.FinalLiveBytes)} of live data";

    private static string AmountText(long bytes) => bytes switch
    {
        0 => "nothing",
        < 0 => $"nothing (it took {IecBytes.Format(-bytes)})",
        _ => IecBytes.Format(bytes),
    };

    private static string Times(double ratio) =>
        ratio < 1.05 ? "about" : string.Create(CultureInfo.InvariantCulture, $"{ratio:0.0} times");

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {noun}s");

    /// <summary>The variants with the largest and the smallest value, of equals the first; null without variants.</summary>
    private static (VariantSummary Most, VariantSummary Least)? Extremes<T>(RunSummary run, Func<VariantSummary, T> value) =>
        run.Variants.IsEmpty ? null : (run.Variants.MaxBy(value)!, run.Variants.MinBy(value)!);
}
