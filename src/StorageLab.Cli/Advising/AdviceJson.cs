using System.Collections.Immutable;
using System.Text.Json;
using StorageLab.Advice;
using StorageLab.Advice.Migration;
using StorageLab.Advice.Rules;

namespace StorageLab.Cli.Advising;

/// <summary>An advice for programs.</summary>
internal static class AdviceJson
{
    public static void Print(Recommendation advice, ImmutableArray<DriverForecast> forecasts, ImmutableArray<MigrationStep> plan, ImmutableArray<string> notes) => JsonOutput.Print(json =>
    {
        json.WriteStartObject();
        json.WriteString("driver", advice.Driver);
        WriteTexts(json, "reasons", advice.Reasons);
        WriteTexts(json, "unknown", advice.Unknowns);
        WriteTexts(json, "not_read", notes);
        json.WriteStartArray("verdicts");
        foreach (DriverVerdict verdict in advice.Verdicts)
        {
            json.WriteStartObject();
            json.WriteString("driver", verdict.Driver);
            json.WriteString("verdict", AdviceText.WordOf(verdict.Verdict));
            json.WriteString("reason", verdict.Reason);
            WriteTexts(json, "rules", verdict.Rules.Select(rule => rule.Id));
            WriteTexts(json, "sources", verdict.Rules.Select(rule => rule.Source));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("forecasts");
        foreach (DriverForecast forecast in forecasts)
            Write(json, forecast);
        json.WriteEndArray();
        json.WriteStartArray("steps");
        foreach (MigrationStep step in plan)
        {
            json.WriteStartObject();
            json.WriteString("what", step.What);
            WriteTexts(json, "commands", step.Commands);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, DriverForecast forecast)
    {
        json.WriteStartObject();
        json.WriteString("variant", forecast.Variant);
        json.WriteStartArray("days");
        foreach (ForecastPoint point in forecast.Points)
        {
            json.WriteStartObject();
            json.WriteNumber("day", point.Day);
            json.WriteNumber("allocated_bytes", point.AllocatedBytes);
            json.WriteNumber("live_bytes", point.LiveBytes);
            json.WriteNumber("wasted_bytes", point.WastedBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (forecast.FullOnDay is { } day)
        {
            json.WriteNumber("full_on_day", day);
            json.WriteString("first_error", forecast.FirstError);
        }

        if (forecast.SteadyFromDay is { } steady)
            json.WriteNumber("steady_from_day", steady);
        json.WriteNumber("written_bytes_per_day", forecast.WrittenBytesPerDay);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
