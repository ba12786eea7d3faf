using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using StorageLab.Benchmarks;

Summary[] summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, new BenchmarkTables())];
bool isWhole = summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success));
return isWhole ? 0 : 1;
