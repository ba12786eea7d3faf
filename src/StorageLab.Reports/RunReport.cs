using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Reports.BlockMaps;
using StorageLab.Reports.Html;
using StorageLab.Reports.Plots;

namespace StorageLab.Reports;

/// <summary>The folder a run leaves: <c>samples.csv</c>, <c>summary.csv</c>, <c>summary.json</c>, <c>block-map.json</c>, <c>report.html</c> and <c>plots/</c>.</summary>
/// <remarks>Every variant writes to a file of its own while it runs; they are joined in the scenario's order at the end, so the bytes do not
/// depend on which thread was faster. A report that is disposed without <see cref="Finish"/> leaves no file.</remarks>
public sealed class RunReport : IDisposable
{
    private readonly string _folder;
    private readonly Scenario _scenario;
    private readonly VariantRecorder[] _recorders;

    /// <summary>Makes the folder and opens its files, so that one that cannot be written is found before anything runs.</summary>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public RunReport(string folder, Scenario scenario)
    {
        _folder = folder;
        _scenario = scenario;
        _recorders = new VariantRecorder[scenario.Variants.Length];
        foreach (string file in (string[])[SamplesPath, BlockMapPath, SummaryCsvPath, SummaryJsonPath, HtmlPath])
        {
            if (Directory.Exists(file))
                throw new IOException($"{file} is a folder");
        }

        Directory.CreateDirectory(PlotsFolder);
        try
        {
            for (var i = 0; i < _recorders.Length; i++)
                _recorders[i] = new VariantRecorder(Path.Combine(folder, $".samples.csv.part{i}"), scenario.StepCount);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string SamplesPath => Path.Combine(_folder, "samples.csv");

    public string BlockMapPath => Path.Combine(_folder, "block-map.json");

    public string SummaryCsvPath => Path.Combine(_folder, "summary.csv");

    public string SummaryJsonPath => Path.Combine(_folder, "summary.json");

    public string HtmlPath => Path.Combine(_folder, "report.html");

    public string PlotsFolder => Path.Combine(_folder, "plots");

    /// <summary>The recorder of the scenario's variant with this index.</summary>
    public VariantRecorder this[int variantIndex] => _recorders[variantIndex];

    /// <summary>Writes everything from what was recorded so far; all recorders must be at rest.</summary>
    /// <param name="isInterrupted">Whether somebody stopped the run early.</param>
    /// <returns>The summary; without variants when no sample came.</returns>
    /// <exception cref="IOException">A file could not be written; those before it are whole.</exception>
    public RunSummary Finish(bool isInterrupted = false)
    {
        VariantRecorder[] used = [.. _recorders.Where(r => r.ToSummary() is not null)];
        RunSummary summary = new(_scenario.Name, _scenario.Title, _scenario.Seed, _scenario.IsOpenEnded ? null : _scenario.StepCount, [.. used.Select(r => r.ToSummary()!)])
        {
            IsInterrupted = isInterrupted,
        };
        AtomicFile.Write(SamplesPath, stream =>
        {
            SamplesCsvWriter header = new(stream);
            header.WriteHeader();
            header.Flush();
            foreach (VariantRecorder recorder in used)
                recorder.CopyRowsTo(stream);
        });
        BlockMap[] maps = [.. used.Select(r => r.ToBlockMap()).OfType<BlockMap>()];
        AtomicFile.Write(BlockMapPath, stream => BlockMapFile.Write(maps, stream));
        AtomicFile.Write(SummaryCsvPath, stream => SummaryFiles.WriteCsv(summary, stream));
        RunHost[] hosts = [.. _scenario.Variants.Select(RunHost.Of)];
        AtomicFile.Write(SummaryJsonPath, stream => SummaryFiles.WriteJson(summary, hosts, stream));
        if (used.Length > 0)
            AtomicFile.Write(HtmlPath, stream => HtmlReport.Write(summary, hosts, [.. used.Select(r => r.Kept)], maps, stream));
        if (used.Length > 0 && PlotFonts.Family is not null)
            RunPlots.Write(summary, [.. used.Select(r => r.Trace)], PlotsFolder);
        return summary;
    }

    public void Dispose()
    {
        foreach (VariantRecorder? recorder in _recorders)
            recorder?.Dispose();
    }
}
