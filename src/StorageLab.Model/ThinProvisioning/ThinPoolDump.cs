using System.Globalization;
using StorageLab.Model.Blocks;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>Reads a pool's mappings out, as thin_dump does.</summary>
internal static class ThinPoolDump
{
    public static List<ThinMappingRun> Runs(BTree mappings, int root)
    {
        var runs = new List<ThinMappingRun>();
        mappings.VisitLeaves(root, leaf =>
        {
            for (var i = 0; i < leaf.EntryCount; i++)
                Append(runs, leaf.Keys[i], leaf.Values[i]);
        });
        return runs;
    }

    /// <summary>Writes XML character by character as thin_dump of thin-provisioning-tools 0.9 and later does.</summary>
    public static void WriteXml(ThinPool pool, TextWriter writer)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        writer.Write(string.Create(
            invariant,
            $"<superblock uuid=\"\" time=\"{pool.Time}\" transaction=\"{pool.TransactionId}\" flags=\"0\" version=\"2\" data_block_size=\"{pool.Options.DataBlockBytes / DeviceLimits.SectorBytes}\" nr_data_blocks=\"{pool.DataTotalBlockCount}\">\n"));
        foreach (int id in pool.DeviceIds)
        {
            ThinDeviceContents device = pool.Describe(id);
            writer.Write(string.Create(
                invariant,
                $"  <device dev_id=\"{id}\" mapped_blocks=\"{pool.MappedBlockCount(id)}\" transaction=\"{device.TransactionId}\" creation_time=\"{device.CreationTime}\" snap_time=\"{device.SnapshottedTime}\">\n"));
            foreach (ThinMappingRun run in device.Mappings)
                WriteRun(writer, run, invariant);
            writer.Write("  </device>\n");
        }

        writer.Write("</superblock>\n");
    }

    private static void WriteRun(TextWriter writer, ThinMappingRun run, CultureInfo invariant) =>
        writer.Write(run.BlockCount == 1
            ? string.Create(
                invariant,
                $"    <single_mapping origin_block=\"{run.VirtualBlock}\" data_block=\"{run.DataBlock}\" time=\"{run.Time}\"/>\n")
            : string.Create(
                invariant,
                $"    <range_mapping origin_begin=\"{run.VirtualBlock}\" data_begin=\"{run.DataBlock}\" length=\"{run.BlockCount}\" time=\"{run.Time}\"/>\n"));

    private static void Append(List<ThinMappingRun> runs, uint virtualBlock, ulong packed)
    {
        int block = PackedMapping.DataBlock(packed);
        uint time = PackedMapping.Time(packed);
        if (runs.Count > 0)
        {
            ThinMappingRun last = runs[^1];
            if (last.VirtualBlock + last.BlockCount == virtualBlock && last.DataBlock + last.BlockCount == block && last.Time == time)
            {
                runs[^1] = last with { BlockCount = last.BlockCount + 1 };
                return;
            }
        }

        runs.Add(new ThinMappingRun(virtualBlock, block, 1, time));
    }
}
