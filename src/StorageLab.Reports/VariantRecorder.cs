using StorageLab.Model.Maps;
using StorageLab.Model.Measurement;
using StorageLab.Reports.BlockMaps;
using StorageLab.Reports.Html;
using StorageLab.Reports.Plots;

namespace StorageLab.Reports;

/// <summary>Takes one variant's samples as they come: rows to its own file, sums for the summary, points for the plots.</summary>
/// <remarks>One thread at a time; several recorders of one report may be used at once. Memory does not grow with the run but for 24 bytes a delete and
/// the block maps, of which a fixed number is kept.</remarks>
public sealed class VariantRecorder : IDisposable
{
    private readonly FileStream _part;
    private readonly SamplesCsvWriter _writer;
    private readonly VariantSummaryBuilder _summary = new();
    private readonly BlockMapRecorder _maps;

    /// <exception cref="IOException">The file cannot be written.</exception>
    internal VariantRecorder(string partPath, int plannedStepCount)
    {
        // The writer hands over whole buffers; a second one would only copy them.
        _part = new FileStream(partPath, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        _writer = new SamplesCsvWriter(_part);
        Trace = new VariantTrace(plannedStepCount);
        _maps = new BlockMapRecorder(plannedStepCount);
    }

    internal VariantTrace Trace { get; }

    internal KeptSamples Kept { get; } = new();

    /// <summary>The next sample, in the order of the steps.</summary>
    /// <exception cref="IOException">The row could not be written.</exception>
    public void Add(Sample sample)
    {
        _writer.Write(sample);
        _summary.Add(sample);
        Trace.Add(sample);
        Kept.Add(sample);
    }

    /// <summary>Whether the block map after a step is kept, so that it is worth being read.</summary>
    public bool WantsMap(int step) => _maps.Wants(step);

    /// <summary>The block map after a step, in the order of the steps.</summary>
    public void AddMap(int step, DiskMap map) => _maps.Add(step, map);

    public void Dispose()
    {
        _part.Dispose();
        File.Delete(_part.Name);
    }

    /// <summary>Null when no sample came.</summary>
    internal VariantSummary? ToSummary() => _summary.ToSummary();

    /// <summary>Null when no map was added.</summary>
    internal BlockMap? ToBlockMap() => ToSummary() is { } summary ? _maps.ToBlockMap(summary.Variant) : null;

    internal void CopyRowsTo(Stream stream)
    {
        _writer.Flush();
        _part.Position = 0;
        _part.CopyTo(stream);
    }
}
