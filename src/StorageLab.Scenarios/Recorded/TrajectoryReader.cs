using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Reads trajectory.csv: a row per step, in order, with the columns of the recording program.</summary>
internal static class TrajectoryReader
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>A year: nobody records longer.</summary>
    private const decimal LongestRunSeconds = 366 * 86400;

    /// <summary>The line of docker info (daemon/graphdriver/devmapper/driver.go, Status).</summary>
    private const string HeldDevices = "Deferred Deleted Device Count";

    private static readonly string[] NeededColumns = ["step", "op", "target", "ok", "error"];

    /// <exception cref="InputException">The file is missing, truncated or malformed, or its rows are out of order.</exception>
    public static ImmutableArray<RecordedRow> Read(string path)
    {
        try
        {
            using StreamReader text = new(path);
            using CsvParser parser = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { CacheFields = true });
            if (!parser.Read())
                throw Bad(path, 1, "is empty; a trajectory begins with its column names");
            string[] header = parser.Record!;
            foreach (string column in NeededColumns)
            {
                if (!header.Contains(column))
                    throw Bad(path, 1, $"has no column '{column}'; a trajectory needs {string.Join(", ", NeededColumns)}");
            }

            ImmutableArray<RecordedRow>.Builder rows = ImmutableArray.CreateBuilder<RecordedRow>();
            while (parser.Read())
                rows.Add(ReadRow(path, header, parser, expectedStep: rows.Count));
            return rows.Count > 0 ? rows.ToImmutable() : throw Bad(path, 2, "has no rows; row 0 is the daemon's start");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file; a recorded run holds run.json, scenario.json and trajectory.csv");
        }
        catch (BadDataException e)
        {
            throw Bad(path, e.Context?.Parser?.RawRow ?? 1, "is not CSV: a quote is open or misplaced");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private static RecordedRow ReadRow(string path, string[] header, CsvParser parser, int expectedStep)
    {
        int line = parser.RawRow;
        if (parser.Count != header.Length)
            throw Bad(path, line, $"has {parser.Count} fields; the header names {header.Length}");
        Dictionary<string, long> values = new(StringComparer.Ordinal);
        string operation = "", target = "", error = "", ok = "", step = "";
        long startNanoseconds = 0, wallNanoseconds = 0;
        var heldDeviceCount = 0;
        for (var column = 0; column < header.Length; column++)
        {
            string field = parser[column];
            switch (header[column])
            {
                case "step": step = field; break;
                case "op": operation = field; break;
                case "target": target = field; break;
                case "ok": ok = field; break;
                case "error": error = field; break;
                case "start_s": startNanoseconds = ReadSeconds(path, line, header[column], field); break;
                case "wall_s": wallNanoseconds = ReadSeconds(path, line, header[column], field); break;
                case "driver_status_json": heldDeviceCount = ReadHeldDeviceCount(path, line, field); break;
                default:
                    if (long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
                        values[header[column]] = value;
                    else if (IsMeasure(header[column]) && field.Length > 0)
                        throw Bad(path, line, $"{header[column]} is '{field}'; it is a whole number");
                    break;
            }
        }

        if (!int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index != expectedStep)
            throw Bad(path, line, $"step is '{step}'; the rows follow each other and this one is step {expectedStep}");
        if (ok is not ("0" or "1"))
            throw Bad(path, line, $"ok is '{ok}'; it is 0 or 1");
        if (ok == "0" && error.Length == 0)
            error = "failed without a text";
        return new RecordedRow(line, index, operation, target, ok == "1" ? "" : error, values)
        {
            StartNanoseconds = startNanoseconds,
            WallNanoseconds = wallNanoseconds,
            HeldDeviceCount = heldDeviceCount,
        };
    }

    private static long ReadSeconds(string path, int line, string column, string field) =>
        decimal.TryParse(field, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) && seconds < LongestRunSeconds
            ? (long)(seconds * NanosecondsPerSecond)
            : throw Bad(path, line, $"{column} is '{field}'; it is a number of seconds");

    /// <summary>One line of docker info; a status that could not be had, or of another driver, has none.</summary>
    private static int ReadHeldDeviceCount(string path, int line, string field)
    {
        if (field.Length == 0)
            return 0;
        try
        {
            using JsonDocument status = JsonDocument.Parse(field);
            bool isGiven = status.RootElement.TryGetProperty(HeldDevices, out JsonElement count) && count.ValueKind == JsonValueKind.String;
            return isGiven && int.TryParse(count.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out int held) ? held : 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Bad(path, line, "driver_status_json is not a JSON object");
        }
    }

    private static bool IsMeasure(string column) =>
        column.EndsWith("_bytes", StringComparison.Ordinal) || column.EndsWith("_blocks", StringComparison.Ordinal)
        || column.EndsWith("_inodes", StringComparison.Ordinal) || column.EndsWith("_ios", StringComparison.Ordinal);

    private static InputException Bad(string path, int line, string message) => new([new InputProblem(path, line, 1, message)]);
}
