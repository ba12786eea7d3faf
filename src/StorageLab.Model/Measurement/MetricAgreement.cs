using System.Collections.Immutable;

namespace StorageLab.Model.Measurement;

/// <summary>How near the model's values of one metric are to the real ones over a run.</summary>
/// <param name="Metric">What was compared.</param>
/// <param name="StepCount">Steps that both sides have a value for and that the metric judges.</param>
/// <param name="MedianError">Median over the steps of |model - real| / real, as a fraction; 0 without steps.</param>
/// <param name="WorstError">Largest of them.</param>
/// <param name="WorstStep">Step of the largest error; 0 without steps.</param>
/// <param name="Bias">Median of (model - real) / real: above 0 the model says too much.</param>
/// <param name="SumError">|sum of the model - sum of the real| / sum of the real; what a metric of flows is judged by.</param>
/// <param name="Real">The real values by step; null where there is none.</param>
/// <param name="Model">The model's values by step.</param>
public sealed record MetricAgreement(
    AgreementMetric Metric, int StepCount, double MedianError, double WorstError, int WorstStep, double Bias, double SumError,
    ImmutableArray<long?> Real, ImmutableArray<long?> Model)
{
    /// <summary>Compares two series of one run.</summary>
    /// <param name="real">Real values by step.</param>
    /// <param name="model">Model's values by step; as many.</param>
    public static MetricAgreement Compare(AgreementMetric metric, ImmutableArray<long?> real, ImmutableArray<long?> model)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(model.Length, real.Length);
        List<double> signed = [];
        double worst = 0;
        var worstStep = 0;
        double realSum = 0, modelSum = 0;
        for (var step = 0; step < real.Length; step++)
        {
            if (real[step] is not { } realValue || model[step] is not { } modelValue)
                continue;
            if (metric.IsFlow && step == 0)
                continue;
            realSum += realValue;
            modelSum += modelValue;
            if (realValue < metric.SmallestJudged)
                continue;
            double error = realValue == modelValue ? 0 : ((double)modelValue - realValue) / Math.Max(realValue, 1);
            signed.Add(error);
            if (Math.Abs(error) > worst)
                (worst, worstStep) = (Math.Abs(error), step);
        }

        double sumError = realSum == 0 ? 0 : Math.Abs((modelSum - realSum) / realSum);
        return new MetricAgreement(
            metric, signed.Count, Median(signed.ConvertAll(Math.Abs)), worst, worstStep, Median(signed), sumError, real, model);
    }

    private static double Median(List<double> values)
    {
        if (values.Count == 0)
            return 0;
        values.Sort();
        int middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
