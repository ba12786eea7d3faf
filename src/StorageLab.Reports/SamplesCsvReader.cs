using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using StorageLab.Model.Blocks;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports;

/// <summary>Reads <c>samples.csv</c> back, row by row. Columns are found by name, so their order is free and unknown ones are passed over.</summary>
public static class SamplesCsvReader
{
    /// <param name="text">The file; read lazily, not closed.</param>
    /// <param name="fileName">For messages.</param>
    /// <exception cref="InvalidDataException">A column is missing, a cell is not what its column holds or the schema version is another:
    /// <c>file:line: what is wrong</c>.</exception>
    public static IEnumerable<Sample> Read(TextReader text, string fileName)
    {
        using CsvParser parser = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = null }, leaveOpen: true);
        if (!parser.Read())
            throw new InvalidDataException($"{fileName}:1: the file is empty; a header of column names was expected");
        Dictionary<string, int> indexes = new(StringComparer.Ordinal);
        for (var i = 0; i < parser.Count; i++)
            indexes[parser[i]] = i;
        Row row = new(parser, indexes, fileName);
        while (parser.Read())
            yield return ReadSample(row);
    }

    private static Sample ReadSample(Row row)
    {
        if (row.Number("schema_version") != SampleColumn.SchemaVersion)
            throw row.Wrong("schema_version", $"must be {SampleColumn.SchemaVersion}");
        return new Sample
        {
            Scenario = row.Text("scenario"),
            Variant = row.Text("variant"),
            Driver = row.Text("driver"),
            Options = row.Text("options"),
            Engine = row.Text("engine"),
            Seed = row.Unsigned("seed"),
            StepIndex = (int)row.Number("step"),
            Operation = row.Text("op"),
            Target = row.Text("target"),
            Result = ReadResult(row),
            Error = row.Text("error"),
            ElapsedNanoseconds = row.Number("elapsed_ns"),
            StepNanoseconds = row.Number("step_ns"),
            LiveLayersBytes = row.Number("live_layers_bytes"),
            LiveContainersBytes = row.Number("live_containers_bytes"),
            LayerCount = (int)row.Number("layers"),
            ImageCount = (int)row.Number("images"),
            DanglingImageCount = (int)row.Number("dangling_images"),
            ContainerCount = (int)row.Number("containers"),
            RunningContainerCount = (int)row.Number("containers_running"),
            BackingAllocatedBytes = row.Number("backing_allocated_bytes"),
            DataFileAllocatedBytes = row.NumberOrNull("data_file_allocated_bytes"),
            DataFileApparentBytes = row.NumberOrNull("data_file_apparent_bytes"),
            MetadataFileAllocatedBytes = row.NumberOrNull("metadata_file_allocated_bytes"),
            PoolDataUsedBlocks = row.NumberOrNull("pool_data_used_blocks"),
            PoolDataTotalBlocks = row.NumberOrNull("pool_data_total_blocks"),
            PoolMetadataUsedBlocks = row.NumberOrNull("pool_metadata_used_blocks"),
            PoolMetadataTotalBlocks = row.NumberOrNull("pool_metadata_total_blocks"),
            PoolMetadataReservedBlocks = row.NumberOrNull("pool_metadata_reserved_blocks"),
            PoolBlockBytes = row.NumberOrNull("pool_block_bytes"),
            PoolMode = row.Text("pool_mode") is { Length: > 0 } mode ? mode : null,
            ThinDeviceCount = row.NumberOrNull("thin_devices"),
            HostFsTotalBytes = row.Number("host_fs_total_bytes"),
            HostFsUsedBytes = row.Number("host_fs_used_bytes"),
            HostFsUsedInodes = row.Number("host_fs_used_inodes"),
            GraphDirAllocatedBytes = row.NumberOrNull("graph_dir_allocated_bytes"),
            GraphDirInodes = row.NumberOrNull("graph_dir_inodes"),
            PageCacheBytes = row.Number("page_cache_bytes"),
            Floors = [.. Enum.GetValues<Floor>().Select(floor => ReadFloor(row, SampleColumn.PrefixOf(floor)))],
        };
    }

    private static StepResult ReadResult(Row row)
    {
        string word = row.Text("result");
        foreach (StepResult result in Enum.GetValues<StepResult>())
        {
            if (SampleColumn.WordOf(result) == word)
                return result;
        }
        throw row.Wrong("result", "must be ok, refused or failed");
    }

    private static IoCounters? ReadFloor(Row row, string prefix) => row.NumberOrNull(prefix + "_write_bytes") is not { } writeBytes
        ? null
        : new IoCounters
        {
            ReadCount = row.Number(prefix + "_read_ios"),
            ReadBytes = row.Number(prefix + "_read_bytes"),
            WriteCount = row.Number(prefix + "_write_ios"),
            WriteBytes = writeBytes,
            DiscardCount = row.Number(prefix + "_discard_ios"),
            DiscardBytes = row.Number(prefix + "_discard_bytes"),
            FlushCount = row.Number(prefix + "_flush_ios"),
        };

    /// <summary>The parser's current row by column name.</summary>
    private sealed class Row(CsvParser parser, Dictionary<string, int> indexes, string fileName)
    {
        public string Text(string column) => CsvText.Unescape(Cell(column));

        public long Number(string column) =>
            NumberOrNull(column) ?? throw Wrong(column, "must be a whole number");

        public long? NumberOrNull(string column)
        {
            string cell = Cell(column);
            if (cell.Length == 0)
                return null;
            return long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                ? number
                : throw Wrong(column, "must be a whole number");
        }

        public ulong Unsigned(string column) =>
            ulong.TryParse(Cell(column), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
                ? number
                : throw Wrong(column, "must be a whole number, not negative");

        public InvalidDataException Wrong(string column, string expected) =>
            new($"{fileName}:{parser.RawRow}: {column} is '{Cell(column)}'; it {expected}");

        private string Cell(string column)
        {
            if (!indexes.TryGetValue(column, out int index))
                throw new InvalidDataException($"{fileName}:1: the column {column} is missing");
            return index < parser.Count
                ? parser[index]
                : throw new InvalidDataException($"{fileName}:{parser.RawRow}: the row ends before the column {column}");
        }
    }
}
