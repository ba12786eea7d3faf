using BenchmarkDotNet.Attributes;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Reports;
using StorageLab.Scenarios;

namespace StorageLab.Benchmarks;

/// <summary>What a step costs once the model is done with it; figures are per row of <c>samples.csv</c>.</summary>
public class SamplesBenchmarks
{
    private const int RowCount = 100_000;

    private Sample[] _samples = [];

    /// <summary>Real rows, of a run that ends within a second.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        Scenario scenario = new ScenarioReader(ScenarioLibrary.Shipped).Read("container-writes", ScenarioOverrides.None);
        _samples = [.. scenario.Variants.SelectMany(variant => new Replayer(scenario, variant).Run(CancellationToken.None))];
    }

    [Benchmark(OperationsPerInvoke = RowCount)]
    public void Write_samples()
    {
        SamplesCsvWriter writer = new(Stream.Null);
        for (var i = 0; i < RowCount; i++)
            writer.Write(_samples[i % _samples.Length]);
        writer.Flush();
    }

    [Benchmark(OperationsPerInvoke = RowCount)]
    public VariantSummary Summarise_samples()
    {
        VariantSummaryBuilder summary = new();
        for (var i = 0; i < RowCount; i++)
            summary.Add(_samples[i % _samples.Length]);
        return summary.ToSummary()!;
    }
}
