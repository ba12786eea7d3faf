using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;
using StorageLab.Scenarios.Workloads;

namespace StorageLab.Cli.Advising;

/// <summary>What a year of a workload makes of a host on one driver.</summary>
/// <param name="Variant">The driver, and its options.</param>
/// <param name="Points">At the ends of the days asked for; those after the storage gave out are missing.</param>
/// <param name="FullOnDay">Day on which the storage first gave out; null when it did not.</param>
/// <param name="FirstError">What Docker said then; empty when it did not.</param>
/// <param name="WrittenBytesPerDay">Bytes that reach the disks in a day.</param>
/// <param name="SteadyFromDay">Day from which on nothing changes any more, so that later days are like it; null when it changed to the end.</param>
internal sealed record DriverForecast(string Variant, ImmutableArray<ForecastPoint> Points, int? FullOnDay, string FirstError, long WrittenBytesPerDay, int? SteadyFromDay)
{
    public static readonly ImmutableArray<int> Days = [30, 90, 365];

    /// <summary>Days over which nothing may change, and by how much it may, until a host counts as steady: twice the weeks an image is kept by default.</summary>
    private const int SteadyDays = 56;
    private const double SteadyShare = 0.01;

    /// <summary>Simulates the variants side by side.</summary>
    /// <exception cref="InputException">A disk is too small for its driver.</exception>
    public static ImmutableArray<DriverForecast> Of(HostWorkload workload, ImmutableArray<VariantSpec> variants)
    {
        WorkloadScenario year = WorkloadScenario.Of(workload, Days[^1], variants, ScenarioLibrary.Shipped);
        var forecasts = new DriverForecast[variants.Length];
        try
        {
            Parallel.For(0, variants.Length, index => forecasts[index] = Simulate(year, variants[index]));
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<ArgumentException>().FirstOrDefault() is { } problem)
        {
            throw new InputException("--disk", problem.Message.Split(" (Parameter", 2)[0]);
        }

        return [.. forecasts];
    }

    private static bool IsSteady(List<long> allocated) =>
        allocated.Count > SteadyDays && Math.Abs(allocated[^1] - allocated[^SteadyDays]) <= allocated[^1] * SteadyShare;

    private static DriverForecast Simulate(WorkloadScenario year, VariantSpec variant)
    {
        List<ForecastPoint> points = [];
        List<long> allocated = [];
        long written = 0;
        foreach (Sample sample in new Replayer(year.Scenario, variant).Run(CancellationToken.None))
        {
            written += (sample.At(Floor.Disk)?.WriteBytes ?? 0) + (sample.At(Floor.RootDisk)?.WriteBytes ?? 0);
            if (sample.StepIndex == 0)
                continue;
            int day = year.DayOf(sample.StepIndex);
            if (sample.Result == StepResult.Failed || (sample.Result == StepResult.Refused && sample.Error.Contains("free data blocks", StringComparison.Ordinal)))
                return new DriverForecast(variant.Name, [.. points], day, sample.Error.ReplaceLineEndings(" "), written / day, null);
            if (year.LastStepOf(day) != sample.StepIndex)
                continue;
            if (Days.Contains(day))
                points.Add(new ForecastPoint(day, sample.BackingAllocatedBytes, sample.LiveBytes));
            allocated.Add(sample.BackingAllocatedBytes);
            if (day <= Days[^2] || !IsSteady(allocated))
                continue;
            if (day < Days[^1])
                points.Add(new ForecastPoint(Days[^1], sample.BackingAllocatedBytes, sample.LiveBytes));
            return new DriverForecast(variant.Name, [.. points], null, "", written / day, day);
        }

        return new DriverForecast(variant.Name, [.. points], null, "", written / Days[^1], null);
    }
}
