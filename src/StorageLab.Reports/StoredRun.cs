using System.Text.Json;
using StorageLab.Model.Measurement;
using StorageLab.Reports.BlockMaps;
using StorageLab.Reports.Html;

namespace StorageLab.Reports;

/// <summary>A run read back from the folder it left.</summary>
public sealed class StoredRun
{
    private readonly RunSummary _summary;
    private readonly IReadOnlyList<RunHost> _hosts;
    private readonly IReadOnlyList<KeptSamples> _samples;
    private readonly IReadOnlyList<BlockMap> _maps;

    private StoredRun(RunSummary summary, IReadOnlyList<RunHost> hosts, IReadOnlyList<KeptSamples> samples, IReadOnlyList<BlockMap> maps) =>
        (_summary, _hosts, _samples, _maps) = (summary, hosts, samples, maps);

    /// <summary>Reads <c>samples.csv</c>, and <c>summary.json</c> and <c>block-map.json</c> where they are there.</summary>
    /// <exception cref="IOException">There is no <c>samples.csv</c>, or a file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is damaged: <c>file:line: what is wrong</c>.</exception>
    public static StoredRun Read(string folder)
    {
        string samplesPath = Path.Combine(folder, "samples.csv");
        Dictionary<string, (VariantSummaryBuilder Summary, KeptSamples Samples)> variants = new(StringComparer.Ordinal);
        Sample? first = null;
        using (StreamReader text = new(samplesPath))
        {
            foreach (Sample sample in SamplesCsvReader.Read(text, samplesPath))
            {
                first ??= sample;
                if (!variants.TryGetValue(sample.Variant, out (VariantSummaryBuilder Summary, KeptSamples Samples) variant))
                    variants.Add(sample.Variant, variant = (new VariantSummaryBuilder(), new KeptSamples()));
                variant.Summary.Add(sample);
                variant.Samples.Add(sample);
            }
        }

        if (first is null)
            throw new InvalidDataException($"{samplesPath}:2: there is no row; a run with at least one sample was expected");
        (string title, int? planned, RunHost[] hosts) = ReadSummary(Path.Combine(folder, "summary.json"), first.Scenario);
        RunSummary summary = new(first.Scenario, title, first.Seed, planned, [.. variants.Values.Select(variant => variant.Summary.ToSummary()!)]);
        string mapPath = Path.Combine(folder, "block-map.json");
        return new StoredRun(summary, hosts, [.. variants.Values.Select(variant => variant.Samples)], File.Exists(mapPath) ? ReadMaps(mapPath) : []);
    }

    /// <summary>Writes the run as one page for a browser.</summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    public void WriteHtml(string path) => AtomicFile.Write(path, stream => HtmlReport.Write(_summary, _hosts, _samples, _maps, stream));

    private static IReadOnlyList<BlockMap> ReadMaps(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return BlockMapFile.Read(stream, path);
    }

    private static (string Title, int? PlannedStepCount, RunHost[] Hosts) ReadSummary(string path, string scenario)
    {
        if (!File.Exists(path))
            return (scenario, null, []);
        try
        {
            using FileStream stream = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            JsonElement root = document.RootElement;
            return (
                root.GetProperty("title").GetString() ?? scenario,
                root.TryGetProperty("planned_steps", out JsonElement planned) ? planned.GetInt32() : null,
                [.. root.GetProperty("variants").EnumerateArray().Where(variant => variant.TryGetProperty("host", out _)).Select(ReadHost)]);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: is no JSON; what `storagelab run` wrote there was expected");
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path}:1: is no summary of a run: {e.Message}");
        }
    }

    private static RunHost ReadHost(JsonElement variant)
    {
        JsonElement host = variant.GetProperty("host");
        return new RunHost(
            Text(variant, "variant"), Text(host, "name"), Text(host, "kernel"), host.GetProperty("disk_bytes").GetInt64(), Text(host, "filesystem"), Text(host, "profile"));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
