using System.Text.Json;
using StorageLab.Model.ThinProvisioning;

namespace StorageLab.Cli.ThinDumps;

/// <summary>An imported pool for programs: raw integers, units in the names.</summary>
internal static class PoolJson
{
    /// <summary>Grows when a field changes its meaning or goes, not when one is added.</summary>
    private const int SchemaVersion = 1;

    public static void Write(Utf8JsonWriter json, PoolReport report)
    {
        json.WriteStartObject();
        json.WriteNumber("schema_version", SchemaVersion);
        json.WriteString("file", report.File);
        json.WriteNumber("block_bytes", report.BlockBytes);
        json.WriteNumber("total_blocks", report.TotalBlockCount);
        json.WriteNumber("used_blocks", report.Usage.UsedBlockCount);
        json.WriteNumber("shared_blocks", report.Usage.SharedBlockCount);
        json.WriteNumber("used_runs", report.Usage.UsedRunCount);
        json.WriteNumber("highest_used_block", report.Usage.HighestUsedBlock);
        json.WriteNumber("largest_free_run_blocks", report.Usage.LargestFreeRunBlockCount);
        json.WriteNumber("metadata_used_blocks", report.MetadataUsedBlockCount);
        json.WriteNumber("minimum_free_blocks", report.MinimumFreeBlockCount);
        json.WriteStartArray("devices");
        foreach (ThinDeviceUsage device in report.Usage.Devices)
        {
            json.WriteStartObject();
            json.WriteNumber("device", device.Id);
            json.WriteNumber("mapped_blocks", device.MappedBlockCount);
            json.WriteNumber("exclusive_blocks", device.ExclusiveBlockCount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("larger_blocks");
        foreach ((long blockBytes, long blockCount) in report.LargerBlocks)
        {
            json.WriteStartObject();
            json.WriteNumber("block_bytes", blockBytes);
            json.WriteNumber("used_blocks", blockCount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("what_if");
        foreach (PoolChange change in report.Changes)
        {
            json.WriteStartObject();
            json.WriteString("action", change.Action);
            json.WriteNumber("data_blocks", change.DataBlockDelta);
            json.WriteNumber("metadata_blocks", change.MetadataBlockDelta);
            json.WriteString("remark", change.Remark);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("final_used_blocks", report.FinalUsedBlockCount);
        json.WriteEndObject();
    }
}
