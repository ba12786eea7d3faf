using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Html;

/// <summary>Samples of one variant for the page's curves: all of a short run, of a long one evenly spaced ones, with running sums at each.</summary>
internal sealed class KeptSamples
{
    /// <summary>As many points as a wide screen shows apart.</summary>
    private const int CountMax = 1200;

    private readonly List<CurvePoint> _points = [];
    private int _stride = 1;
    private Sample? _last;
    private CurvePoint? _lastPoint;
    private long _contentBytes;
    private long _diskBytes;
    private long _busyNanoseconds;
    private long _removedBytes;
    private long _givenBackBytes;

    public Sample? First { get; private set; }

    /// <summary>The points kept, and the last one in any case.</summary>
    public IEnumerable<CurvePoint> Points => _lastPoint is null || (_points.Count > 0 && ReferenceEquals(_points[^1], _lastPoint)) ? _points : _points.Append(_lastPoint);

    public void Add(Sample sample)
    {
        First ??= sample;
        if (_last is not null)
            AddStep(sample, _last);
        _last = sample;
        _lastPoint = new CurvePoint(sample, _contentBytes, _diskBytes, _busyNanoseconds, _removedBytes, _givenBackBytes);
        if (sample.StepIndex % _stride != 0)
            return;
        _points.Add(_lastPoint);
        if (_points.Count <= CountMax)
            return;
        _stride *= 2;
        _points.RemoveAll(point => point.Sample.StepIndex % _stride != 0);
    }

    private void AddStep(Sample sample, Sample before)
    {
        _contentBytes += sample.At(Floor.Content)?.WriteBytes ?? 0;
        _diskBytes += (sample.At(Floor.Disk)?.WriteBytes ?? 0) + (sample.At(Floor.RootDisk)?.WriteBytes ?? 0);
        if (sample.Operation != DockerOperation.Wait)
            _busyNanoseconds += sample.StepNanoseconds;
        if (!DockerOperation.IsDelete(sample.Operation))
            return;
        _removedBytes += before.LiveBytes - sample.LiveBytes;
        _givenBackBytes += before.BackingAllocatedBytes - sample.BackingAllocatedBytes;
    }
}
