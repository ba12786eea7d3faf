using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using StorageLab.Model.Blocks;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports;

/// <summary>A run's summary as <c>summary.csv</c> (a row per variant) and <c>summary.json</c>: raw integers, units in the names.</summary>
public static class SummaryFiles
{
    /// <summary>Version of both files. It grows when a field changes its meaning or goes, not when one is added.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Decimals of the ratios, so that the last digits of a division do not make two equal runs differ.</summary>
    private const int RatioDecimals = 4;

    private static readonly JsonWriterOptions JsonOptions = new()
    {
        Indented = true,
        NewLine = "\n",
        // Names are shown in terminals and editors, not inside HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The fields of one variant in the order of both files; null where the driver has no such thing.</summary>
    private static IEnumerable<(string Name, object? Value)> FieldsOf(VariantSummary v) =>
    [
        ("variant", v.Variant),
        ("driver", v.Driver),
        ("options", v.Options),
        ("steps", v.StepCount),
        ("refused_steps", v.RefusedStepCount),
        ("failed_steps", v.FailedStepCount),
        ("first_failure", v.FirstFailure),
        ("fresh_backing_bytes", v.FreshBackingBytes),
        ("peak_backing_bytes", v.PeakBackingBytes),
        ("final_backing_bytes", v.FinalBackingBytes),
        ("peak_live_bytes", v.PeakLiveBytes),
        ("final_live_bytes", v.FinalLiveBytes),
        ("not_given_back_bytes", v.NotGivenBackBytes),
        ("deleted_live_bytes", v.DeletedLiveBytes),
        ("given_back_bytes", v.GivenBackBytes),
        ("peak_metadata_used_blocks", v.PeakMetadataUsedBlocks),
        ("final_metadata_used_blocks", v.FinalMetadataUsedBlocks),
        ("final_pool_data_bytes", v.FinalPoolDataBytes),
        ("peak_inodes", v.PeakInodes),
        ("final_inodes", v.FinalInodes),
        ("peak_page_cache_bytes", v.PeakPageCacheBytes),
        ("virtual_ns", v.VirtualNanoseconds),
        ("busy_ns", v.BusyNanoseconds),
        ("throughput_bytes_per_s", v.ThroughputBytesPerSecond),
        ("write_amplification", v.WriteAmplification is { } ratio ? Math.Round(ratio, RatioDecimals) : null),
        ("slowest_step", v.SlowestStep?.StepIndex),
        ("slowest_op", v.SlowestStep?.Operation),
        ("slowest_target", v.SlowestStep?.Target),
        ("slowest_ns", v.SlowestStep?.Nanoseconds),
        .. FloorFieldsOf(v),
    ];

    private static IEnumerable<(string Name, object? Value)> FloorFieldsOf(VariantSummary v)
    {
        foreach (Floor floor in Enum.GetValues<Floor>())
        {
            IoCounters? counters = v.Floors[(int)floor];
            string prefix = SampleColumn.PrefixOf(floor);
            yield return (prefix + "_read_bytes", counters?.ReadBytes);
            yield return (prefix + "_write_bytes", counters?.WriteBytes);
            yield return (prefix + "_discard_bytes", counters?.DiscardBytes);
        }
    }

    public static void WriteCsv(RunSummary run, Stream stream)
    {
        using StreamWriter text = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        using CsvWriter csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        for (var i = 0; i < run.Variants.Length; i++)
        {
            (string Name, object? Value)[] fields = [.. RunFieldsOf(run), .. FieldsOf(run.Variants[i])];
            if (i == 0)
                WriteRow(csv, fields.Select(f => f.Name));
            WriteRow(csv, fields.Select(f => CellOf(f.Value)));
        }
    }

    /// <param name="hosts">What is known of the variants' hosts.</param>
    public static void WriteJson(RunSummary run, IReadOnlyList<RunHost> hosts, Stream stream)
    {
        using Utf8JsonWriter json = new(stream, JsonOptions);
        json.WriteStartObject();
        WriteFields(json, RunFieldsOf(run));
        json.WriteString("title", run.Title);
        if (run.PlannedStepCount is { } planned)
            json.WriteNumber("planned_steps", planned);
        json.WriteBoolean("complete", run.IsComplete);
        json.WriteStartArray("variants");
        foreach (VariantSummary variant in run.Variants)
        {
            json.WriteStartObject();
            WriteFields(json, FieldsOf(variant));
            if (hosts.FirstOrDefault(host => host.Variant == variant.Variant) is { } host)
            {
                json.WriteStartObject("host");
                WriteFields(json, [("name", host.Host), ("kernel", host.Kernel), ("disk_bytes", host.DiskBytes), ("filesystem", host.FileSystem), ("profile", host.Profile)]);
                json.WriteEndObject();
            }

            json.WriteStartArray("operations");
            foreach (OperationCost cost in variant.OperationCosts)
            {
                json.WriteStartObject();
                WriteFields(json, [("op", cost.Operation), ("steps", cost.StepCount), ("ns", cost.Nanoseconds)]);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static (string Name, object? Value)[] RunFieldsOf(RunSummary run) =>
        [("schema_version", SchemaVersion), ("scenario", run.Scenario), ("seed", run.Seed)];

    private static void WriteRow(CsvWriter csv, IEnumerable<string> cells)
    {
        foreach (string cell in cells)
            csv.WriteField(cell);
        csv.NextRecord();
    }

    private static string CellOf(object? value) => value switch
    {
        null => "",
        string text => CsvText.Escape(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static void WriteFields(Utf8JsonWriter json, IEnumerable<(string Name, object? Value)> fields)
    {
        foreach ((string name, object? value) in fields)
        {
            json.WritePropertyName(name);
            switch (value)
            {
                case null: json.WriteNullValue(); break;
                case string text: json.WriteStringValue(text); break;
                case int number: json.WriteNumberValue(number); break;
                case long number: json.WriteNumberValue(number); break;
                case ulong number: json.WriteNumberValue(number); break;
                case double number: json.WriteNumberValue(number); break;
                default: throw new ArgumentException($"no JSON form for {value.GetType().Name}", nameof(fields));
            }
        }
    }
}
