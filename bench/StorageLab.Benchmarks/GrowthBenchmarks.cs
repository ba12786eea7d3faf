using BenchmarkDotNet.Attributes;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;

namespace StorageLab.Benchmarks;

/// <summary>Ten times the operations take at most eleven times the time: the builds of <c>ci-host</c> go on for a week, and for ten.</summary>
/// <remarks>The host's first week is past when the clock starts: pulling the base image is no part of what grows.</remarks>
public class GrowthBenchmarks
{
    /// <summary>Forty builds of 48 operations, five nights of 3, and the 7 of a week's end.</summary>
    private const int WeekCount = (40 * 48) + (5 * 3) + 7;

    private readonly Scenario _scenario = new ScenarioReader(ScenarioLibrary.Shipped).Read("ci-host", ScenarioOverrides.None);
    private IEnumerator<Sample> _samples = null!;

    [Params(DriverNames.LoopLvm, DriverNames.DirectLvm, DriverNames.Overlay2)]
    public string Driver { get; set; } = "";

    [IterationSetup]
    public void PassTheFirstWeek()
    {
        VariantSpec variant = _scenario.Variants.First(v => v.Driver == Driver);
        _samples = new Replayer(_scenario, variant).Run(CancellationToken.None).GetEnumerator();
        _ = Replay(WeekCount);
    }

    [Benchmark(Baseline = true)]
    public Sample A_week() => Replay(WeekCount);

    [Benchmark]
    public Sample Ten_weeks() => Replay(10 * WeekCount);

    private Sample Replay(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!_samples.MoveNext())
                throw new InvalidOperationException("the scenario is too short");
        }
        return _samples.Current;
    }
}
