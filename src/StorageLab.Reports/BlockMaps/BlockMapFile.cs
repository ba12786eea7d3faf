using System.Text.Json;

namespace StorageLab.Reports.BlockMaps;

/// <summary>Reads and writes <c>block-map.json</c>: what lay where on every variant's storage, step by step.</summary>
public static class BlockMapFile
{
    private static readonly JsonSerializerOptions Options = new() { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    public static void Write(IReadOnlyList<BlockMap> maps, Stream stream)
    {
        using Utf8JsonWriter json = new(stream);
        Write(maps, json);
    }

    /// <summary>Writes them field by field: a serializer would take longer to be set up than the maps to be written.</summary>
    internal static void Write(IReadOnlyList<BlockMap> maps, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (BlockMap map in maps)
        {
            json.WriteStartObject();
            json.WriteString("variant", map.Variant);
            json.WriteString("title", map.Title);
            json.WriteNumber("total_bytes", map.TotalBytes);
            json.WriteNumber("cell_bytes", map.CellBytes);
            json.WriteStartArray("owners");
            foreach (string owner in map.Owners)
                json.WriteStringValue(owner);
            json.WriteEndArray();
            json.WriteStartArray("frames");
            foreach (MapFrame frame in map.Frames)
            {
                json.WriteStartObject();
                json.WriteNumber("step", frame.Step);
                json.WriteStartArray("changes");
                foreach (long number in frame.Changes)
                    json.WriteNumberValue(number);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <exception cref="InvalidDataException">It is no such file: <c>file:line:column: what is wrong</c>.</exception>
    public static IReadOnlyList<BlockMap> Read(Stream stream, string fileName)
    {
        BlockMap[] maps;
        try
        {
            maps = JsonSerializer.Deserialize<BlockMap[]>(stream, Options) ?? [];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{fileName}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: {e.Path} is damaged; what `storagelab run` wrote there was expected");
        }

        foreach (BlockMap map in maps)
            Check(map, fileName);
        return maps;
    }

    private static void Check(BlockMap map, string fileName)
    {
        if (map.CellBytes <= 0 || map.TotalBytes <= 0)
            throw new InvalidDataException($"{fileName}:1:1: {map.Variant}: sizes of cell and device must be positive");
        long cellCount = ((map.TotalBytes - 1) / map.CellBytes) + 1;
        foreach (MapFrame frame in map.Frames)
        {
            long at = 0;
            for (var index = 0; index < frame.Changes.Count; index += 4)
            {
                if (index + 3 >= frame.Changes.Count
                    || frame.Changes[index] is < 0 || frame.Changes[index] > cellCount - at
                    || frame.Changes[index + 1] < 1 || frame.Changes[index + 1] > cellCount - at - frame.Changes[index]
                    || frame.Changes[index + 2] is < 0 or > 4
                    || frame.Changes[index + 3] < 0 || frame.Changes[index + 3] >= map.Owners.Count)
                {
                    throw new InvalidDataException($"{fileName}:1:1: {map.Variant}, step {frame.Step}, change {(index / 4) + 1} is not within the device");
                }

                at += frame.Changes[index] + frame.Changes[index + 1];
            }
        }
    }
}
