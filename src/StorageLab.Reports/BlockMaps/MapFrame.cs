using System.Text.Json.Serialization;

namespace StorageLab.Reports.BlockMaps;

/// <summary>What changed on the storage up to a step since the frame before.</summary>
/// <param name="Step">Index of the step; 0 is the daemon's start.</param>
/// <param name="Changes">Four numbers a change: cells since the end of the change before (of the first: since the device's start), count of
/// cells, use (0 free, 1 held, 2 live, 3 shared, 4 other) and owner.</param>
public sealed record MapFrame([property: JsonPropertyName("step")] int Step, [property: JsonPropertyName("changes")] IReadOnlyList<long> Changes);
