using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using StorageLab.Model.Text;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Reads trajectory.csv: a row per step, in order, with the columns of the recording program.</summary>
internal sealed class TrajectoryReader
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>A year: nobody records longer.</summary>
    private const decimal LongestRunSeconds = 366 * 86400;

    /// <summary>The line of docker info (daemon/graphdriver/devmapper/driver.go, Status).</summary>
    private const string HeldDevices = "Deferred Deleted Device Count";

    private readonly string _path;
    private readonly CsvParser _parser;
    private string[] _header = [];
    private int _line = 1;
    private int _nextLine = 1;

    private TrajectoryReader(string path, CsvParser parser) => (_path, _parser) = (path, parser);

    /// <exception cref="InputException">The file is missing, truncated or malformed, names an unknown measure, or its rows are out of order.</exception>
    public static ImmutableArray<RecordedRow> Read(string path)
    {
        CsvParser? parser = null;
        try
        {
            using StreamReader text = new(path);
            using (parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture) { CacheFields = true }))
                return new TrajectoryReader(path, parser).ReadRows();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file; a recorded run holds run.json, scenario.json and trajectory.csv");
        }
        catch (BadDataException)
        {
            throw new InputException([new InputProblem(path, parser?.RawRow ?? 1, 1, "is not CSV: a quote is open or misplaced")]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private ImmutableArray<RecordedRow> ReadRows()
    {
        if (!ReadRecord())
            throw Bad(0, "is empty; a trajectory begins with its column names");
        _header = _parser.Record!;
        CheckHeader();
        ImmutableArray<RecordedRow>.Builder rows = ImmutableArray.CreateBuilder<RecordedRow>();
        while (ReadRecord())
            rows.Add(ReadRow(expectedStep: rows.Count));
        return rows.Count > 0 ? rows.ToImmutable() : throw Bad(0, "has no rows; row 0 is the daemon's start");
    }

    private bool ReadRecord()
    {
        _line = _nextLine;
        bool isRead = _parser.Read();
        _nextLine = _parser.RawRow + 1;
        return isRead;
    }

    private void CheckHeader()
    {
        for (var column = 0; column < _header.Length; column++)
        {
            string name = _header[column];
            if (Array.IndexOf(_header, name) < column)
                throw Bad(column, $"column '{LayerLimits.Shown(name)}' is there twice");
            if (TrajectoryColumns.IsKnown(name))
                continue;
            string hint = NearestWord.Find(name, TrajectoryColumns.All) is { } nearest ? $"did you mean {nearest}?" : "the recording program writes no such column";
            throw Bad(column, $"unknown measure '{LayerLimits.Shown(name)}'; {hint}");
        }

        if (TrajectoryColumns.Needed.FirstOrDefault(name => !_header.Contains(name)) is { } missing)
            throw Bad(0, $"has no column '{missing}'; a trajectory needs {string.Join(", ", TrajectoryColumns.Needed)}");
    }

    private RecordedRow ReadRow(int expectedStep)
    {
        if (_parser.Count != _header.Length)
            throw Bad(0, $"has {_parser.Count} fields; the header names {_header.Length}");
        Dictionary<string, long> values = new(StringComparer.Ordinal);
        string operation = "", target = "", error = "", ok = "", step = "";
        long startNanoseconds = 0, wallNanoseconds = 0;
        var heldDeviceCount = 0;
        for (var column = 0; column < _header.Length; column++)
        {
            string field = _parser[column];
            switch (_header[column])
            {
                case "step": step = field; break;
                case "op": operation = field; break;
                case "target": target = field; break;
                case "ok": ok = field; break;
                case "error": error = field; break;
                case "start_s": startNanoseconds = ReadSeconds(column, field); break;
                case "wall_s": wallNanoseconds = ReadSeconds(column, field); break;
                case "driver_status_json": heldDeviceCount = ReadHeldDeviceCount(column, field); break;
                default: ReadMeasure(column, field, values); break;
            }
        }

        if (!int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index != expectedStep)
            throw Bad(Array.IndexOf(_header, "step"), $"step is '{LayerLimits.Shown(step)}'; the rows follow each other and this one is step {expectedStep}");
        if (ok is not ("0" or "1"))
            throw Bad(Array.IndexOf(_header, "ok"), $"ok is '{LayerLimits.Shown(ok)}'; it is 0 or 1");
        if (ok == "0" && error.Length == 0)
            error = "failed without a text";
        return new RecordedRow(_line, index, operation, target, ok == "1" ? "" : error, values)
        {
            StartNanoseconds = startNanoseconds,
            WallNanoseconds = wallNanoseconds,
            HeldDeviceCount = heldDeviceCount,
        };
    }

    private long ReadSeconds(int column, string field) =>
        decimal.TryParse(field, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) && seconds < LongestRunSeconds
            ? (long)(seconds * NanosecondsPerSecond)
            : throw Bad(column, $"{_header[column]} is '{LayerLimits.Shown(field)}'; it is a number of seconds");

    /// <summary>One line of docker info; a status that could not be had, or of another driver, has none.</summary>
    private int ReadHeldDeviceCount(int column, string field)
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
            throw Bad(column, "driver_status_json is not a JSON object");
        }
    }

    private void ReadMeasure(int column, string field, Dictionary<string, long> values)
    {
        string name = _header[column];
        if (field.Length == 0 || !TrajectoryColumns.IsMeasure(name))
            return;
        NumberStyles style = TrajectoryColumns.IsFlow(name) ? NumberStyles.AllowLeadingSign : NumberStyles.None;
        values[name] = long.TryParse(field, style, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Bad(column, $"{name} is '{LayerLimits.Shown(field)}'; it is a whole number from 0 up");
    }

    private InputException Bad(int column, string message)
    {
        (int line, int at) = CsvPlace.Of(_parser.RawRecord, _line, column);
        return new InputException([new InputProblem(_path, line, at, message)]);
    }
}
