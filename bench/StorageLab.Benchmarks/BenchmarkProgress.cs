using System.Globalization;
using BenchmarkDotNet.EventProcessors;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace StorageLab.Benchmarks;

/// <summary>A line for every benchmark as it ends. All else that is said about a run goes to the log beside its tables.</summary>
internal sealed class BenchmarkProgress : EventProcessor
{
    public override void OnStartBuildStage(IReadOnlyList<BuildPartition> partitions) => Console.WriteLine("preparing the benchmarks");

    public override void OnStartRunBenchmarksInType(Type type, IReadOnlyList<BenchmarkCase> benchmarks) => Console.WriteLine(type.Name);

    public override void OnEndRunBenchmark(BenchmarkCase benchmarkCase, BenchmarkReport report)
    {
        string time = report.ResultStatistics is { } statistics ? string.Create(CultureInfo.InvariantCulture, $"{statistics.Mean:#,0} ns") : "failed";
        Console.WriteLine($"  {time,18}  {benchmarkCase.Descriptor.WorkloadMethod.Name} {benchmarkCase.Parameters.PrintInfo}".TrimEnd());
    }
}
