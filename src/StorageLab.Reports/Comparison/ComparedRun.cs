using System.Collections.Immutable;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Comparison;

/// <summary>One variant of a run as far as it is compared: every metric, step by step.</summary>
public sealed class ComparedRun
{
    private readonly List<long?>[] _values = [.. ComparedMetric.All.Select(_ => new List<long?>())];
    private readonly List<string> _steps = [];

    private ComparedRun(string variant, string engine) => (Variant, Engine) = (variant, engine);

    public string Variant { get; }

    /// <summary>"model", "io" or "docker".</summary>
    public string Engine { get; }

    /// <summary>What each step did, in the words of samples.csv; the daemon's start first.</summary>
    public IReadOnlyList<string> Steps => _steps;

    /// <summary>Values of the metric with that index in <see cref="ComparedMetric.All"/>, by step.</summary>
    public IReadOnlyList<long?> this[int metricIndex] => _values[metricIndex];

    /// <summary>Reads all variants of a samples.csv, in the order of the file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged: <c>file:line: what is wrong</c>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImmutableArray<ComparedRun> Read(string path)
    {
        Dictionary<string, ComparedRun> runs = new(StringComparer.Ordinal);
        using StreamReader text = new(path);
        foreach (Sample sample in SamplesCsvReader.Read(text, path))
        {
            if (!runs.TryGetValue(sample.Variant, out ComparedRun? run))
                runs.Add(sample.Variant, run = new ComparedRun(sample.Variant, sample.Engine));
            run.Add(sample);
        }

        return runs.Count > 0 ? [.. runs.Values] : throw new InvalidDataException($"{path}:2: there is no row; a run with at least one sample was expected");
    }

    private void Add(Sample sample)
    {
        _steps.Add($"{sample.Operation} {sample.Target}".TrimEnd());
        for (var metric = 0; metric < _values.Length; metric++)
            _values[metric].Add(ComparedMetric.All[metric].Value(sample));
    }
}
