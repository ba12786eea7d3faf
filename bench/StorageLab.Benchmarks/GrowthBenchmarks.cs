using BenchmarkDotNet.Attributes;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;

namespace StorageLab.Benchmarks;

/// <summary>Ten times the operations take at most eleven times the time: the builds of <c>ci-host</c> go on for half a week, and for ten times as long.</summary>
/// <remarks>The host's first days are past when the clock starts: pulling the base image is no part of what grows.</remarks>
public class GrowthBenchmarks
{
    private const int OperationCount = 1_000;

    /// <summary>Builds older than twenty are removed from here on, so that every build does the same work.</summary>
    private const int FirstDaysCount = 1_100;

    private readonly Scenario _scenario = new ScenarioReader(ScenarioLibrary.Shipped).Read("ci-host", ScenarioOverrides.None);
    private IEnumerator<Sample> _samples = null!;

    [Params(DriverNames.LoopLvm, DriverNames.DirectLvm, DriverNames.Overlay2)]
    public string Driver { get; set; } = "";

    [IterationSetup]
    public void PassTheFirstDays()
    {
        VariantSpec variant = _scenario.Variants.First(v => v.Driver == Driver);
        _samples = new Replayer(_scenario, variant).Run(CancellationToken.None).GetEnumerator();
        _ = Replay(FirstDaysCount);
    }

    [Benchmark(Baseline = true)]
    public Sample A_thousand_operations() => Replay(OperationCount);

    [Benchmark]
    public Sample Ten_thousand_operations() => Replay(10 * OperationCount);

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
