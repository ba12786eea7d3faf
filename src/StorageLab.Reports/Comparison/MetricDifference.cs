namespace StorageLab.Reports.Comparison;

/// <summary>How far two runs are apart in one metric.</summary>
/// <param name="Metric">What is compared.</param>
/// <param name="Left">Of the first run: its last value, or of a flow its sum.</param>
/// <param name="Right">Of the second.</param>
/// <param name="LeftPeak">Largest value in a step.</param>
/// <param name="RightPeak">Of the second.</param>
/// <param name="MedianShare">Median over the steps of |second - first| / first.</param>
/// <param name="WorstShare">Largest of them; infinite where the first has 0 and the second has not.</param>
/// <param name="WorstStep">Its step.</param>
public sealed record MetricDifference(
    ComparedMetric Metric, long Left, long Right, long LeftPeak, long RightPeak, double MedianShare, double WorstShare, int WorstStep)
{
    /// <summary>(second - first) / first of the last values or sums; null where the first is 0 and the second is not.</summary>
    public double? Share => Left == Right ? 0 : Left == 0 ? null : ((double)Right - Left) / Left;

    /// <summary>Compares two series step by step.</summary>
    /// <param name="stepCount">Steps to compare, the daemon's start included.</param>
    /// <returns>Null when one of them has no value.</returns>
    public static MetricDifference? Of(ComparedMetric metric, IReadOnlyList<long?> left, IReadOnlyList<long?> right, int stepCount)
    {
        List<double> shares = [];
        long leftSum = 0, rightSum = 0, leftLast = 0, rightLast = 0, leftPeak = long.MinValue, rightPeak = long.MinValue;
        double worst = 0;
        var worstStep = 0;
        // The daemon's start is the price of the driver, not of the work.
        for (int step = metric.IsFlow ? 1 : 0; step < stepCount; step++)
        {
            if (left[step] is not { } first || right[step] is not { } second)
                continue;
            (leftLast, rightLast) = (first, second);
            (leftSum, rightSum) = (leftSum + first, rightSum + second);
            (leftPeak, rightPeak) = (Math.Max(leftPeak, first), Math.Max(rightPeak, second));
            double share = first == second ? 0 : first == 0 ? double.PositiveInfinity : Math.Abs(((double)second - first) / first);
            shares.Add(share);
            if (share > worst)
                (worst, worstStep) = (share, step);
        }

        if (shares.Count == 0)
            return null;
        shares.Sort();
        double median = (shares[(shares.Count - 1) / 2] + shares[shares.Count / 2]) / 2;
        return metric.IsFlow
            ? new MetricDifference(metric, leftSum, rightSum, leftPeak, rightPeak, median, worst, worstStep)
            : new MetricDifference(metric, leftLast, rightLast, leftPeak, rightPeak, median, worst, worstStep);
    }
}
