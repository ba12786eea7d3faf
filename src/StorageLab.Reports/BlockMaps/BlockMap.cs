using System.Text.Json.Serialization;

namespace StorageLab.Reports.BlockMaps;

/// <summary>What lay where on one variant's storage, step by step, in cells: an entry of <c>block-map.json</c>.</summary>
public sealed record BlockMap
{
    [JsonPropertyName("variant")]
    public required string Variant { get; init; }

    /// <summary>What is mapped, e.g. a pool's data device.</summary>
    [JsonPropertyName("title")]
    public required string Title { get; init; }

    [JsonPropertyName("total_bytes")]
    public required long TotalBytes { get; init; }

    [JsonPropertyName("cell_bytes")]
    public required long CellBytes { get; init; }

    /// <summary>Names that the changes count: layers, containers, the rest.</summary>
    [JsonPropertyName("owners")]
    public required IReadOnlyList<string> Owners { get; init; }

    /// <summary>One for each step kept, in order.</summary>
    [JsonPropertyName("frames")]
    public required IReadOnlyList<MapFrame> Frames { get; init; }
}
