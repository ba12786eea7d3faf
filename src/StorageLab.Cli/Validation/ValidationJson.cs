using System.Collections.Immutable;
using System.Text.Json;
using StorageLab.Model.Measurement;
using StorageLab.Shell.Transcripts;

namespace StorageLab.Cli.Validation;

/// <summary>Validations for programs: errors as fractions.</summary>
internal static class ValidationJson
{
    /// <summary>Grows when a field changes its meaning or goes, not when one is added.</summary>
    private const int SchemaVersion = 1;

    /// <summary>Decimals of the fractions, so that the last digits of a division do not make two equal results differ.</summary>
    private const int FractionDecimals = 6;

    public static void Write(Utf8JsonWriter json, IReadOnlyList<RunValidation> validations, double? maxError)
    {
        json.WriteStartObject();
        json.WriteNumber("schema_version", SchemaVersion);
        json.WriteNumber("runs_total", validations.Count);
        json.WriteNumber("runs_within", validations.Count(validation => validation.Passes(maxError)));
        json.WriteNumber("steps_failed_differently", validations.Sum(validation => validation.ErrorMismatches.Length));
        json.WriteString("summary", ValidationTables.Summary(validations, maxError));
        json.WriteStartArray("runs");
        foreach (RunValidation validation in validations)
            WriteRun(json, validation, maxError);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRun(Utf8JsonWriter json, RunValidation validation, double? maxError)
    {
        json.WriteStartObject();
        json.WriteString("run", validation.Run.Id);
        json.WriteString("driver", validation.Run.Variant.Driver);
        json.WriteNumber("steps", validation.Run.Scenario.StepCount);
        json.WriteBoolean("within", validation.Passes(maxError));
        json.WriteStartArray("metrics");
        foreach (MetricAgreement metric in validation.Metrics)
        {
            json.WriteStartObject();
            json.WriteString("metric", metric.Metric.Name);
            json.WriteNumber("steps", metric.StepCount);
            json.WriteNumber("median_error", Rounded(metric.MedianError));
            json.WriteNumber("worst_error", Rounded(metric.WorstError));
            json.WriteNumber("worst_step", metric.WorstStep);
            json.WriteNumber("bias", Rounded(metric.Bias));
            if (metric.Metric.IsFlow)
                json.WriteNumber("sum_error", Rounded(metric.SumError));
            json.WriteString("exceeds", validation.ExcessOf(metric, maxError));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("failed_differently");
        foreach (ErrorMismatch mismatch in validation.ErrorMismatches)
        {
            json.WriteStartObject();
            json.WriteNumber("step", mismatch.StepIndex);
            json.WriteString("op", mismatch.Operation);
            json.WriteString("real", mismatch.Real);
            json.WriteString("model", mismatch.Model);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteMappings(json, validation.FinalMappings);
        WriteTranscripts(json, validation.Commands);
        json.WriteStartArray("notes");
        foreach (string note in validation.Run.Notes.Select(note => note.ToString()))
            json.WriteStringValue(note);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMappings(Utf8JsonWriter json, FinalMappings? end)
    {
        if (end is null)
        {
            json.WriteNull("final_mappings");
            return;
        }

        json.WriteStartObject("final_mappings");
        json.WriteNumber("real_devices", end.RealDevices);
        json.WriteNumber("real_blocks", end.RealBlocks);
        json.WriteNumber("model_devices", end.ModelDevices);
        json.WriteNumber("model_blocks", end.ModelBlocks);
        json.WriteEndObject();
    }

    private static void WriteTranscripts(Utf8JsonWriter json, ImmutableArray<CommandVerdict> commands)
    {
        json.WriteNumber("commands_total", commands.Length);
        json.WriteStartArray("commands_answered_differently");
        foreach (CommandVerdict verdict in commands.Where(verdict => !verdict.Agrees))
        {
            json.WriteStartObject();
            json.WriteString("transcript", verdict.Transcript.Name);
            json.WriteNumber("line", verdict.Command.Line);
            json.WriteString("command", verdict.Command.Text);
            json.WriteStartArray("differences");
            foreach (string line in verdict.Differences)
                json.WriteStringValue(line);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("not_compared");
        foreach (string mask in commands.SelectMany(verdict => verdict.Masks).Distinct().Order(StringComparer.Ordinal))
            json.WriteStringValue(mask);
        json.WriteEndArray();
    }

    private static double Rounded(double fraction) => Math.Round(fraction, FractionDecimals);
}
