using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Csv;
using BenchmarkDotNet.Loggers;

namespace StorageLab.Benchmarks;

/// <summary>What every table of the benchmarks shows: time and operations a second, their spread, and what an operation allocates.</summary>
internal sealed class BenchmarkTables : ManualConfig
{
    public BenchmarkTables()
    {
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddColumn(StatisticColumn.OperationsPerSecond);
        HideColumns(Column.Error, Column.RatioSD, Column.AllocRatio, Column.Gen0, Column.Gen1, Column.Gen2, Column.Job);
        AddDiagnoser(MemoryDiagnoser.Default);
        AddExporter(MarkdownExporter.GitHub, CsvExporter.Default);
        AddLogger(NullLogger.Instance);
        AddEventProcessor(new BenchmarkProgress());
    }
}
