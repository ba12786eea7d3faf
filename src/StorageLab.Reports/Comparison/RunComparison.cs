using System.Collections.Immutable;

namespace StorageLab.Reports.Comparison;

/// <summary>Two variants laid side by side: of two runs, two drivers, or the model and the real thing.</summary>
public sealed class RunComparison
{
    private RunComparison(ComparedRun left, ComparedRun right, int stepCount, string? parting, ImmutableArray<MetricDifference> differences) =>
        (Left, Right, StepCount, Parting, Differences) = (left, right, stepCount, parting, differences);

    public ComparedRun Left { get; }

    public ComparedRun Right { get; }

    /// <summary>Steps compared, the daemon's start included: all that both did alike from the start on.</summary>
    public int StepCount { get; }

    /// <summary>Where the two part, in words; null when they did the same to the end.</summary>
    public string? Parting { get; }

    /// <summary>Of every metric that both have.</summary>
    public ImmutableArray<MetricDifference> Differences { get; }

    public static RunComparison Of(ComparedRun left, ComparedRun right)
    {
        int shorter = Math.Min(left.Steps.Count, right.Steps.Count);
        var alike = 0;
        // What the daemon's start is called differs between engines.
        while (alike < shorter && (alike == 0 || left.Steps[alike] == right.Steps[alike]))
            alike++;
        string? parting = alike < shorter
            ? $"from step {alike} on they do different things: '{left.Steps[alike]}' and '{right.Steps[alike]}'"
            : left.Steps.Count == right.Steps.Count ? null : $"after step {alike - 1} only {(left.Steps.Count > alike ? "the first" : "the second")} goes on";
        IEnumerable<MetricDifference?> differences = ComparedMetric.All.Select((metric, index) => MetricDifference.Of(metric, left[index], right[index], alike));
        return new RunComparison(left, right, alike, parting, [.. differences.OfType<MetricDifference>()]);
    }

    /// <summary>What shows first, in a sentence without a final stop.</summary>
    public string Finding(string leftName, string rightName)
    {
        MetricDifference allocated = Differences[0];
        string state = $"{rightName} ends at {IecBytes.Format(allocated.Right)} allocated, {leftName} at {IecBytes.Format(allocated.Left)}";
        return allocated.Share switch
        {
            null => state,
            > 1 => $"{state}: {Findings.Ratio((double)allocated.Right / allocated.Left)} times as much",
            { } share => $"{state}: {Percent(share)} {(share < 0 ? "less" : "more")}",
        };
    }

    /// <summary>A share without its sign in three digits, e.g. <c>4.24 %</c>.</summary>
    public static string Percent(double share) => double.IsInfinity(share) ? "∞" : Findings.Ratio(Math.Abs(share) * 100) + " %";
}
