using System.Globalization;
using StorageLab.Model.ThinProvisioning;
using StorageLab.Reports;

namespace StorageLab.Cli.ThinDumps;

/// <summary>An imported pool as people read it.</summary>
internal static class PoolTables
{
    public static void Print(TextWriter output, PoolReport report)
    {
        ThinPoolUsage usage = report.Usage;
        output.WriteLine($"{report.File}: a pool of {Counted.Of(report.TotalBlockCount, "block")} of {IecBytes.Format(report.BlockBytes)} ({IecBytes.Format(report.TotalBlockCount * report.BlockBytes)})");
        TextTable facts = new(["", ""]);
        facts.Add("data", $"{Blocks(report, usage.UsedBlockCount)} in use, {Number(usage.SharedBlockCount)} of them by several devices; {Blocks(report, report.FreeBlockCount)} free");
        facts.Add("layout", usage.UsedBlockCount == 0
            ? "no block is in use"
            : $"{Counted.Of(usage.UsedRunCount, "run")} of used blocks, up to block {Number(usage.HighestUsedBlock)}; "
                + $"the longest free run has {Blocks(report, usage.LargestFreeRunBlockCount)}");
        facts.Add("metadata", $"{Counted.Of(report.MetadataUsedBlockCount, "block")} of 4 KiB as thin_restore lays it out on a device of {IecBytes.Format(ImportedPool.MetadataBytes)}, without a kernel's reserve");
        facts.Add("new devices", NewDevices(report));
        foreach ((long blockBytes, long blockCount) in report.LargerBlocks)
            facts.Add($"in {IecBytes.Format(blockBytes)}", $"the same devices take {Counted.Of(blockCount, "block")} ({IecBytes.Format(blockCount * blockBytes)}), {Ratio(report, blockBytes, blockCount)} times as much");
        facts.Print(output, indent: 2);
        PrintDevices(output, report);
        PrintChanges(output, report);
    }

    private static string NewDevices(PoolReport report)
    {
        long margin = report.FreeBlockCount - report.MinimumFreeBlockCount;
        string limit = $"below {Counted.Of(report.MinimumFreeBlockCount, "free block")} (dm.min_free_space 10%)";
        return margin >= 0
            ? $"Docker makes none {limit}: {Blocks(report, margin)} from here"
            : $"Docker makes none {limit}: {Blocks(report, -margin)} must come back first";
    }

    private static void PrintDevices(TextWriter output, PoolReport report)
    {
        output.WriteLine();
        TextTable devices = new(["device", "mapped", "exclusive", "shared", "deleting it alone gives back"], 0, 1, 2, 3, 4);
        foreach (ThinDeviceUsage device in report.Usage.Devices)
        {
            devices.Add(
                device.Id.ToString(CultureInfo.InvariantCulture), Number(device.MappedBlockCount), Number(device.ExclusiveBlockCount),
                Number(device.SharedBlockCount), IecBytes.Format(device.ExclusiveBlockCount * report.BlockBytes));
        }

        devices.Print(output, indent: 2);
    }

    private static void PrintChanges(TextWriter output, PoolReport report)
    {
        if (report.Changes.IsEmpty)
            return;
        output.WriteLine();
        TextTable changes = new(["what if", "data blocks", "bytes", "metadata blocks", ""], 1, 2, 3);
        foreach (PoolChange change in report.Changes)
            changes.Add(change.Action, Signed(change.DataBlockDelta), SignedBytes(change.DataBlockDelta * report.BlockBytes), Signed(change.MetadataBlockDelta), change.Remark);
        changes.Print(output, indent: 2);
        output.WriteLine();
        output.WriteLine($"  {Blocks(report, report.FinalUsedBlockCount)} in use afterwards. What comes back to the pool leaves a sparse file below it only where discards are passed down.");
    }

    private static string Ratio(PoolReport report, long blockBytes, long blockCount) => report.Usage.UsedBlockCount == 0
        ? "0"
        : ((double)blockCount * blockBytes / (report.Usage.UsedBlockCount * report.BlockBytes)).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Blocks(PoolReport report, long count) => $"{Counted.Of(count, "block")} ({IecBytes.Format(count * report.BlockBytes)})";

    private static string Signed(long number) => number.ToString("+#,0;-#,0;0", CultureInfo.InvariantCulture);

    private static string SignedBytes(long bytes) => (bytes > 0 ? "+" : "") + IecBytes.Format(bytes);

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
