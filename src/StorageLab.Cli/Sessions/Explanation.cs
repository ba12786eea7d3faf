using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Reports;
using StorageLab.Shell.Sessions;

namespace StorageLab.Cli.Sessions;

/// <summary>Why a command did, or did not, give back space: floor by floor, from what Docker removed to what the disk has again.</summary>
/// <param name="before">The host before the command.</param>
/// <param name="after">The host behind it.</param>
/// <param name="driver">The driver, as it is now.</param>
internal sealed class Explanation(HostSnapshot before, HostSnapshot after, IGraphDriver driver)
{
    private const int NamesShownMax = 3;

    private readonly List<(string Floor, string Text)> _lines = [];

    private long PoolFreedBytes => ((before.Sample.PoolDataUsedBlocks - after.Sample.PoolDataUsedBlocks) * after.Sample.PoolBlockBytes) ?? 0;

    /// <summary>One entry per floor that has something to say, from the top down.</summary>
    public ImmutableArray<(string Floor, string Text)> Lines()
    {
        _lines.Clear();
        if (after.Sample == before.Sample)
            return [("Docker", "the command only looked; nothing changed on any floor")];
        if (after.Sample.Result == StepResult.Refused)
            _lines.Add(("Docker", $"refused it, and what is refused changes nothing: {after.Sample.Error.ReplaceLineEndings(" ")}"));
        ExplainImages();
        ExplainContainers();
        if (driver is DevicemapperDriver devicemapper)
        {
            ExplainPool();
            ExplainBelowPool(devicemapper);
        }
        else
        {
            ExplainDirectories();
        }

        _lines.Add(("disk", DiskText()));
        return [.. _lines];
    }

    private void ExplainImages()
    {
        Layer[] added = [.. after.Layers.Except(before.Layers)];
        Layer[] removed = [.. before.Layers.Except(after.Layers)];
        if (added.Length > 0)
            _lines.Add(("images", $"{Count(added.Length, "layer")} unpacked, {Bytes(added.Sum(layer => layer.SizeBytes))}"));
        var newImages = after.Images.Where(entry => !before.Images.Any(old => old.Image.Id == entry.Image.Id)).Select(entry => entry.Image).ToArray();
        Layer[] reused = [.. newImages.SelectMany(ChainOf).Distinct().Intersect(before.Layers)];
        if (reused.Length > 0)
            _lines.Add(("images", $"{Count(reused.Length, "layer")} of {Bytes(reused.Sum(layer => layer.SizeBytes))} were here already and cost nothing"));

        if (removed.Length > 0)
            _lines.Add(("images", $"{Count(removed.Length, "layer")} removed that nothing else needs, {Bytes(removed.Sum(layer => layer.SizeBytes))}"));
        Image[] gone = [.. before.Images.Where(entry => !after.Images.Any(left => left.Image.Id == entry.Image.Id)).Select(entry => entry.Image)];
        Layer[] kept = [.. gone.SelectMany(ChainOf).Distinct().Intersect(after.Layers)];
        if (kept.Length > 0)
        {
            string[] users = [.. after.Images.Where(entry => ChainOf(entry.Image).Intersect(kept).Any()).Select(entry => entry.Name)];
            _lines.Add(("images", $"{Count(kept.Length, "layer")} of {Bytes(kept.Sum(layer => layer.SizeBytes))} stay: {(users.Length > 0 ? Names(users) + (users.Length == 1 ? " stands" : " stand") + " on them" : "containers stand on them")}"));
        }

        if (gone.Length == 0 && removed.Length == 0 && DockerOperation.IsDelete(after.Sample.Operation) && after.Sample.Operation == "rmi" && after.Sample.Result == StepResult.Ok)
            _lines.Add(("images", "only names went: the images have others, so no layer was removed"));
    }

    private void ExplainContainers()
    {
        long bytes = before.Sample.LiveContainersBytes - after.Sample.LiveContainersBytes;
        int count = before.Sample.ContainerCount - after.Sample.ContainerCount;
        if (count > 0)
            _lines.Add(("containers", $"{Count(count, "container")} removed with {Bytes(Math.Max(bytes, 0))} of files"));
        else if (count < 0)
            _lines.Add(("containers", $"{Count(-count, "container")} made"));
        else if (bytes != 0)
            _lines.Add(("containers", bytes > 0 ? $"files of {Bytes(bytes)} deleted inside" : $"files of {Bytes(-bytes)} written inside"));
    }

    private void ExplainPool()
    {
        long blocks = (before.Sample.PoolDataUsedBlocks - after.Sample.PoolDataUsedBlocks) ?? 0;
        long liveFreedBytes = before.Sample.LiveBytes - after.Sample.LiveBytes;
        string size = $"of {Bytes(after.Sample.PoolBlockBytes ?? 0)}";
        string inUse = $"{after.Sample.PoolDataUsedBlocks:N0} of {after.Sample.PoolDataTotalBlocks:N0} blocks in use";
        if (blocks > 0)
            _lines.Add(("pool", $"{Count(blocks, "block")} {size} freed, {Bytes(PoolFreedBytes)}; {inUse}"));
        else if (blocks < 0)
            _lines.Add(("pool", $"{Count(-blocks, "block")} {size} taken, {Bytes(-PoolFreedBytes)}; {inUse}"));
        else if (liveFreedBytes > 0 && before.Sample.ContainerCount == after.Sample.ContainerCount && before.Layers.Count == after.Layers.Count)
            _lines.Add(("pool", $"kept all of it: the file system inside the thin device freed its blocks, but tells nobody below until an fstrim in the container; {inUse}"));
        else
            _lines.Add(("pool", $"no block freed or taken; {inUse}"));
    }

    private void ExplainBelowPool(DevicemapperDriver devicemapper)
    {
        long discarded = Discarded(Floor.DataDevice);
        if (after.Sample.DataFileAllocatedBytes is not { } allocated)
        {
            _lines.Add(("volume", PoolFreedBytes > 0
                ? $"the pool's free blocks are there for the next layer; the volume itself has a fixed size{(discarded > 0 ? $", {Bytes(discarded)} of it were discarded on the disk" : "")}"
                : "has a fixed size: nothing grows or shrinks below the pool"));
            return;
        }

        long fileBytes = allocated - before.Sample.DataFileAllocatedBytes!.Value;
        long inUseBytes = (after.Sample.PoolDataUsedBlocks * after.Sample.PoolBlockBytes) ?? 0;
        string state = $"{Bytes(allocated)} allocated for {Bytes(inUseBytes)} in use";
        if (PoolFreedBytes > 0 && discarded == 0)
        {
            string why = devicemapper.DiscardsOnDelete ? "no discard reached it" : "dm.blkdiscard=false, so Docker deleted the devices without discarding them";
            _lines.Add(("sparse file", $"kept {Bytes(PoolFreedBytes + Math.Min(fileBytes, 0))}: {why}, and the loop device had no hole to punch; {state}"));
        }
        else if (discarded > 0)
        {
            _lines.Add(("sparse file", $"{Bytes(discarded)} of holes punched: the devices were discarded, and the pool passed on what nobody else maps; {state}"));
        }
        else if (fileBytes > 0)
        {
            _lines.Add(("sparse file", $"grew by {Bytes(fileBytes)}; {state}"));
        }
        else if (PoolFreedBytes < 0)
        {
            _lines.Add(("sparse file", $"did not grow: the blocks lie where it was allocated already; {state}"));
        }
        else
        {
            _lines.Add(("sparse file", $"unchanged; {state}"));
        }
    }

    private void ExplainDirectories()
    {
        long bytes = (before.Sample.GraphDirAllocatedBytes - after.Sample.GraphDirAllocatedBytes) ?? 0;
        long inodes = (before.Sample.GraphDirInodes - after.Sample.GraphDirInodes) ?? 0;
        if (bytes > 0 || inodes > 0)
            _lines.Add(("directories", $"{Count(inodes, "inode")} and {Bytes(bytes)} removed: files of the host's own file system, free again at once"));
        else if (bytes < 0 || inodes < 0)
            _lines.Add(("directories", $"{Count(-inodes, "inode")} and {Bytes(-bytes)} added"));
        else
            _lines.Add(("directories", "unchanged"));
    }

    private string DiskText()
    {
        long given = before.Sample.BackingAllocatedBytes - after.Sample.BackingAllocatedBytes;
        long live = before.Sample.LiveBytes - after.Sample.LiveBytes;
        string written = $"{Bytes(Written(Floor.Disk) + Written(Floor.RootDisk))} written";
        if (given > 0)
            return $"{Bytes(given)} given back for {Bytes(Math.Max(live, 0))} removed; {written}";
        if (given < 0)
            return $"{Bytes(-given)} more allocated for {Bytes(Math.Max(-live, 0))} more live; {written}";
        return live > 0 ? $"nothing given back for {Bytes(live)} removed; {written}" : $"as much allocated as before; {written}";
    }

    private long Discarded(Floor floor) => After(floor, counters => counters.DiscardBytes);

    private long Written(Floor floor) => After(floor, counters => counters.WriteBytes);

    private long After(Floor floor, Func<Model.Blocks.IoCounters, long> count) =>
        after.Counters[(int)floor] is { } now && before.Counters[(int)floor] is { } then ? count(now) - count(then) : 0;

    private static IEnumerable<Layer> ChainOf(Image image)
    {
        for (Layer? layer = image.Top; layer is not null; layer = layer.Parent)
            yield return layer;
    }

    private static string Names(string[] names) => names.Length <= NamesShownMax
        ? string.Join(", ", names)
        : $"{string.Join(", ", names[..NamesShownMax])} and {names.Length - NamesShownMax} more";

    private static string Count(long count, string noun) => $"{count:N0} {noun}{(count == 1 ? "" : "s")}";

    private static string Bytes(long bytes) => IecBytes.Format(bytes);
}
