using System.Text;
using System.Text.Json;
using StorageLab.Model.Measurement;
using StorageLab.Reports.BlockMaps;
using StorageLab.Reports.Plots;

namespace StorageLab.Reports.Html;

/// <summary>A run as one page for a browser, with everything in it: curves to hover, a player of the block maps, the host, a table to copy.</summary>
internal static class HtmlReport
{
    /// <summary>Writes the page in UTF-8.</summary>
    /// <param name="run">At least one variant.</param>
    /// <param name="hosts">What is known of the variants' hosts.</param>
    /// <param name="samples">One per variant of the run, in its order.</param>
    /// <param name="maps">Of the variants that have one.</param>
    public static void Write(RunSummary run, IReadOnlyList<RunHost> hosts, IReadOnlyList<KeptSamples> samples, IReadOnlyList<BlockMap> maps, Stream stream)
    {
        using StreamWriter page = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        foreach (string part in Asset("report.html").Split("{{"))
        {
            int end = part.IndexOf("}}", StringComparison.Ordinal);
            if (end < 0)
            {
                page.Write(part);
                continue;
            }

            if (part[..end] == "data")
            {
                page.Flush();
                WriteData(run, hosts, samples, maps, stream);
            }
            else
            {
                page.Write(Asset(part[..end]));
            }

            page.Write(part[(end + 2)..]);
        }
    }

    private static string Asset(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream($"StorageLab.Reports.Html.{name}")!;
        using StreamReader text = new(stream);
        return text.ReadToEnd();
    }

    /// <summary>The data as JSON inside a script element: the default encoder escapes what could end it, so that no name is ever markup.</summary>
    private static void WriteData(
        RunSummary run, IReadOnlyList<RunHost> hosts, IReadOnlyList<KeptSamples> samples, IReadOnlyList<BlockMap> maps, Stream stream)
    {
        VariantStyle[] styles = VariantStyle.For([.. run.Variants.Select(v => v.Driver)]);
        using Utf8JsonWriter json = new(stream);
        json.WriteStartObject();
        json.WriteString("scenario", run.Scenario);
        json.WriteString("title", run.Title);
        json.WriteNumber("seed", run.Seed);
        json.WriteBoolean("complete", run.IsComplete);
        json.WriteStartObject("finding");
        json.WriteString("en", Findings.Growth(run) + ".");
        json.WriteString("zh", ChineseFinding.Growth(run) + "。");
        json.WriteEndObject();
        json.WriteStartArray("variants");
        for (var index = 0; index < run.Variants.Length; index++)
            WriteVariant(json, run.Variants[index], styles[index], hosts.FirstOrDefault(host => host.Variant == run.Variants[index].Variant), samples[index]);
        json.WriteEndArray();
        json.WriteStartArray("table");
        foreach (SummaryMetric metric in SummaryMetric.All)
        {
            json.WriteStartArray();
            json.WriteStringValue(metric.Name);
            foreach (VariantSummary variant in run.Variants)
                json.WriteStringValue(metric.Value(variant));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WritePropertyName("maps");
        BlockMapFile.Write(maps, json);
        json.WriteEndObject();
    }

    private static void WriteVariant(Utf8JsonWriter json, VariantSummary variant, VariantStyle style, RunHost? host, KeptSamples samples)
    {
        json.WriteStartObject();
        json.WriteString("name", variant.Variant);
        json.WriteString("driver", variant.Driver);
        json.WriteString("options", variant.Options);
        json.WriteString("engine", samples.First!.Engine);
        json.WriteString("color", style.Color.ToHex());
        json.WriteBoolean("dashed", style.DashesPixels is not null);
        if (host is not null)
            json.WriteString("host", $"{host.Host}: Linux {host.Kernel}, {IecBytes.Format(host.DiskBytes)} {host.Profile}, {host.FileSystem}");
        CurvePoint[] points = [.. samples.Points];
        WriteTexts(json, "command", points, point => SampleCommand.Of(point.Sample));
        WriteTexts(json, "error", points, point => point.Sample.Error);
        WriteNumbers(json, "step", points, point => point.Sample.StepIndex);
        WriteNumbers(json, "deletes", points, point => DockerOperation.IsDelete(point.Sample.Operation) ? 1 : 0);
        WriteNumbers(json, "allocated", points, point => point.Sample.BackingAllocatedBytes);
        WriteNumbers(json, "live", points, point => point.Sample.LiveBytes);
        WriteNumbers(json, "removed", points, point => point.RemovedBytes);
        WriteNumbers(json, "givenBack", points, point => point.GivenBackBytes);
        WriteNumbers(json, "content", points, point => point.ContentBytes);
        WriteNumbers(json, "disk", points, point => point.DiskBytes);
        WriteNumbers(json, "busyNs", points, point => point.BusyNanoseconds);
        WriteNumbers(json, "pageCache", points, point => point.Sample.PageCacheBytes);
        WriteNumbers(json, "metadata", points, point => point.Sample.PoolMetadataUsedBlocks * VariantSummary.MetadataBlockBytes);
        WriteNumbers(json, "inodes", points, point => point.Sample.HostFsUsedInodes);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, CurvePoint[] points, Func<CurvePoint, string> text)
    {
        json.WriteStartArray(name);
        foreach (CurvePoint point in points)
            json.WriteStringValue(text(point));
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, CurvePoint[] points, Func<CurvePoint, long?> number)
    {
        json.WriteStartArray(name);
        foreach (CurvePoint point in points)
        {
            if (number(point) is { } value)
                json.WriteNumberValue(value);
            else
                json.WriteNullValue();
        }

        json.WriteEndArray();
    }
}
