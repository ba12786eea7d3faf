using System.Globalization;
using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Containers;
using StorageLab.Shell.Docker.Formats;
using StorageLab.Shell.Docker.Images;
using StorageLab.Shell.GoTemplates;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Daemon;

/// <summary><c>docker system df</c>: what images, containers and volumes take, by Docker's own account.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/formatter/disk_usage.go; moby v20.10.24, daemon/disk_usage.go and images/images.go.</remarks>
internal static class DiskUsage
{
    private const string TableFormat = "table {{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}";
    private const string RawFormat = "type: {{.Type}}\ntotal: {{.TotalCount}}\nactive: {{.Active}}\nsize: {{.Size}}\nreclaimable: {{.Reclaimable}}\n";
    private const string ImageFormat =
        "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.VirtualSize}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}";
    private const string ContainerFormat =
        "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}";
    private const string VolumeFormat = "table {{.Name}}\t{{.Links}}\t{{.Size}}";
    private const string CacheFormat = "table {{.ID}}\t{{.CacheType}}\t{{.Size}}\t{{.CreatedSince}}\t{{.LastUsedSince}}\t{{.UsageCount}}\t{{.Shared}}";

    private static readonly Dictionary<string, object?> Headings = new()
    {
        ["Type"] = "TYPE", ["TotalCount"] = "TOTAL", ["Active"] = "ACTIVE", ["Size"] = "SIZE", ["Reclaimable"] = "RECLAIMABLE",
    };

    public static DockerCommand Build() => new("system df", ArgumentCount.None, Run);

    private static int Run(Invocation call)
    {
        call.DemandDone("system-df", "", call.Engine.SystemDf());
        string given = call.Flags.Text("format");
        if (call.Flags.Is("verbose"))
            WriteVerbose(call);
        else
            OutputFormat.Write(call.Output, given is "" or OutputFormat.Table ? TableFormat : given == OutputFormat.Raw ? RawFormat : given, Headings, Summary(call));
        return 0;
    }

    private static GoStruct[] Summary(Invocation call)
    {
        IReadOnlyList<ListedImage> images = ImageQuery.List(call.Engine, new Filters([]), all: false);
        Dictionary<string, ImageUse> uses = Uses(call.Engine, images, out long layerBytes);
        IReadOnlyCollection<Container> containers = call.Engine.Containers.All;
        IReadOnlyCollection<Volume> volumes = call.Engine.Volumes.All;
        HashSet<Volume> used = [.. containers.SelectMany(container => container.Volumes).Select(mount => mount.Volume)];
        long usedBytes = images.Where(listed => uses[listed.Image.Id].ContainerCount > 0)
            .Sum(listed => listed.Image.VirtualBytes - uses[listed.Image.Id].SharedBytes);
        return
        [
            Row("diskUsageImagesContext", "Images", images.Count, images.Count(listed => uses[listed.Image.Id].ContainerCount > 0), layerBytes, layerBytes - usedBytes),
            Row(
                "diskUsageContainersContext", "Containers", containers.Count, containers.Count(container => container.IsRunning),
                containers.Sum(container => container.LastKnownBytes), containers.Where(container => !container.IsRunning).Sum(container => container.LastKnownBytes)),
            Row(
                "diskUsageVolumesContext", "Local Volumes", volumes.Count, used.Count, volumes.Sum(VolumeStore.MeasureBytes),
                volumes.Where(volume => !used.Contains(volume)).Sum(VolumeStore.MeasureBytes)),
            Row("diskUsageBuilderContext", "Build Cache", 0, 0, 0, 0),
        ];
    }

    private static GoStruct Row(string typeName, string type, int count, int active, long bytes, long reclaimableBytes)
    {
        string reclaimable = DockerUnits.HumanSize(reclaimableBytes);
        return OutputFormat.Row(
            typeName,
            ("Type", () => type),
            ("TotalCount", () => count.ToString(CultureInfo.InvariantCulture)),
            ("Active", () => active.ToString(CultureInfo.InvariantCulture)),
            ("Size", () => DockerUnits.HumanSize(bytes)),
            ("Reclaimable", () => bytes > 0 ? $"{reclaimable} ({reclaimableBytes * 100 / bytes}%)" : reclaimable));
    }

    private static void WriteVerbose(Invocation call)
    {
        IReadOnlyList<ListedImage> images = ImageQuery.List(call.Engine, new Filters([]), all: false);
        Dictionary<string, ImageUse> uses = Uses(call.Engine, images, out _);
        // Every image has one row here, by its first tag.
        IEnumerable<ListedImage> firstNames = images.Select(listed => listed with { Tags = [.. listed.Tags.Take(1)], Digests = [] });
        call.Output.Write("Images space usage:\n\n");
        Dictionary<string, object?> imageHeadings = new(ImageRows.Headings) { ["VirtualSize"] = "SIZE" };
        OutputFormat.Write(call.Output, ImageFormat, imageHeadings, ImageRows.Of(firstNames, call.Host.Now, truncates: true, showsDigests: false, ImageFormat, image => uses[image.Id]).Select(row => row.Row));
        call.Output.Write("\nContainers space usage:\n\n");
        OutputFormat.Write(call.Output, ContainerFormat, ContainerRows.Headings, call.Engine.Containers.All.Reverse()
            .Select(container => ContainerRows.Of(call.Host, container, truncates: true, container.LastKnownBytes, showsVirtual: false)));
        call.Output.Write("\nLocal Volumes space usage:\n\n");
        Dictionary<string, object?> volumeHeadings = new() { ["Name"] = "VOLUME NAME", ["Links"] = "LINKS", ["Size"] = "SIZE" };
        OutputFormat.Write(call.Output, VolumeFormat, volumeHeadings, call.Engine.Volumes.All.Select(volume => VolumeRow(call.Engine, volume)));
        call.Output.Write("\nBuild cache usage: 0B\n\n");
        Dictionary<string, object?> cacheHeadings = new()
        {
            ["ID"] = "CACHE ID", ["CacheType"] = "CACHE TYPE", ["Size"] = "SIZE", ["CreatedSince"] = "CREATED", ["LastUsedSince"] = "LAST USED",
            ["UsageCount"] = "USAGE", ["Shared"] = "SHARED",
        };
        OutputFormat.Write(call.Output, CacheFormat, cacheHeadings, []);
    }

    private static GoStruct VolumeRow(DockerEngine engine, Volume volume) => OutputFormat.Row(
        "volumeContext",
        ("Name", () => volume.Name),
        ("Links", () => engine.Containers.All.Count(container => container.Volumes.Any(mount => mount.Volume == volume)).ToString(CultureInfo.InvariantCulture)),
        ("Size", () => DockerUnits.HumanSize(VolumeStore.MeasureBytes(volume))));

    /// <summary>What every listed image shares, and its containers.</summary>
    /// <param name="layerBytes">Sizes of the layers of all of them, each once.</param>
    private static Dictionary<string, ImageUse> Uses(DockerEngine engine, IReadOnlyList<ListedImage> images, out long layerBytes)
    {
        Dictionary<Layer, int> counts = [];
        foreach (Layer layer in images.SelectMany(listed => listed.Image.Layers))
            counts[layer] = counts.GetValueOrDefault(layer) + 1;
        layerBytes = counts.Keys.Sum(layer => layer.SizeBytes);
        Dictionary<string, int> containers = engine.Containers.All.GroupBy(container => container.Image.Id).ToDictionary(group => group.Key, group => group.Count());
        return images.ToDictionary(
            listed => listed.Image.Id,
            listed => new ImageUse(listed.Image.Layers.Where(layer => counts[layer] > 1).Sum(layer => layer.SizeBytes), containers.GetValueOrDefault(listed.Image.Id)));
    }
}
