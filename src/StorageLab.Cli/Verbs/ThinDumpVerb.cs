using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using StorageLab.Cli.ThinDumps;
using StorageLab.Model.Blocks;
using StorageLab.Model.Text;
using StorageLab.Model.ThinProvisioning;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab import thin-dump</c>: a real pool's mappings, what they hold, and what would come back.</summary>
internal static class ThinDumpVerb
{
    /// <summary>Times do not show in what is asked here, so any profile serves.</summary>
    private const string Profile = "sata-ssd";

    public static Command Build()
    {
        Argument<string> file = new("FILE") { Description = "What thin_dump printed of a pool, plain or gzip.", HelpName = "FILE" };
        Option<int[]> snapshot = Devices("--snapshot", "Snapshot this device, as Docker does for a layer or container; may be given several times.");
        Option<int[]> overwrite = Devices("--overwrite", "Write every block of this device once over, after the snapshots.");
        Option<int[]> delete = Devices("--delete", "Delete this device, after all else; what others map stays.");
        Option<string[]> blockSize = new("--block-size") { Description = "What the devices would take in larger blocks, e.g. 512K; may be given several times.", HelpName = "SIZE" };
        Option<bool> json = new("--json") { Description = "Print it as JSON." };
        Command command = new("thin-dump", "Read a thin pool's dump: who holds its blocks, and what would come back.") { file, snapshot, overwrite, delete, blockSize, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            ImportedPool pool = Read(path);
            int[] snapshots = Known(pool, parsed, snapshot), overwrites = Known(pool, parsed, overwrite), deletes = Known(pool, parsed, delete);
            ImmutableArray<int> factors = [.. (parsed.GetValue(blockSize) ?? []).Select(size => FactorOf(pool, size))];
            PoolReport report = Report(path, pool, factors, snapshots, overwrites, deletes);
            if (parsed.GetValue(json))
                JsonOutput.Print(writer => PoolJson.Write(writer, report));
            else
                PoolTables.Print(Console.Out, report);
        });
        return command;
    }

    private static ImportedPool Read(string path)
    {
        DiskProfile profile = DeviceProfileReader.Read(Path.Combine(ScenarioLibrary.Shipped.Folder, "profiles", Profile + ".yaml"));
        return Terminal.WithStatus($"reading {path}", () => ImportedPool.Read(path, profile));
    }

    private static PoolReport Report(
        string path, ImportedPool imported, ImmutableArray<int> factors, int[] snapshots, int[] overwrites, int[] deletes)
    {
        ThinPool pool = imported.Pool;
        PoolReport report = new()
        {
            File = path,
            BlockBytes = pool.Options.DataBlockBytes,
            TotalBlockCount = pool.DataTotalBlockCount,
            MetadataUsedBlockCount = imported.MetadataUsedBlockCount,
            Usage = ThinPoolUsage.Of(pool),
            LargerBlocks = [.. factors.Select(factor => (factor * pool.Options.DataBlockBytes, LargerBlocks.Count(pool, factor)))],
            Changes = [],
            FinalUsedBlockCount = pool.DataUsedBlockCount,
        };
        ImmutableArray<PoolChange> changes =
            [.. snapshots.Select(imported.Snapshot), .. overwrites.Select(imported.Overwrite), .. deletes.Select(imported.Delete)];
        return report with { Changes = changes, FinalUsedBlockCount = pool.DataUsedBlockCount };
    }

    private static Option<int[]> Devices(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DEVICE",
        CustomParser = result => [.. result.Tokens.Select(token => ParseDevice(result, name, token.Value))],
    };

    private static int ParseDevice(ArgumentResult result, string option, string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int device))
            result.AddError($"{option} is '{text}'; it must be a device's number in the dump");
        return device;
    }

    private static int[] Known(ImportedPool pool, ParseResult parsed, Option<int[]> option)
    {
        int[] devices = [.. (parsed.GetValue(option) ?? []).Distinct()];
        HashSet<int> known = [.. pool.Pool.DeviceIds];
        return devices.FirstOrDefault(device => !known.Contains(device), -1) is >= 0 and var unknown
            ? throw new InputException(option.Name, $"the dump has no device {unknown}")
            : devices;
    }

    private static int FactorOf(ImportedPool pool, string size)
    {
        long blockBytes = pool.Pool.Options.DataBlockBytes;
        bool isPossible = DockerSize.TryParse(size, out long bytes) && bytes >= blockBytes && bytes % blockBytes == 0 && bytes <= ThinPoolOptions.DataBlockBytesMax;
        return isPossible
            ? (int)(bytes / blockBytes)
            : throw new InputException("--block-size", $"'{size}' is not a multiple of the pool's {blockBytes >> 10} KiB up to 1 GiB; a dump does not tell what smaller blocks would hold");
    }
}
