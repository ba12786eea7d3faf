using System.Globalization;
using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Containers;
using StorageLab.Shell.Docker.Formats;
using StorageLab.Shell.Docker.Images;
using StorageLab.Shell.Docker.Volumes;
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
        if (call.Flags.Is("verbose") && given is "" or OutputFormat.Table)
            WriteVerbose(call);
        else if (call.Flags.Is("verbose"))
            call.Output.Write(WriteVerbose(call, given));
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
        call.Output.Write("Images space usage:\n\n");
        Dictionary<string, object?> imageHeadings = new(ImageRows.Headings) { ["VirtualSize"] = "SIZE" };
        OutputFormat.Write(call.Output, ImageFormat, imageHeadings, Images(call, truncates: true));
        call.Output.Write("\nContainers space usage:\n\n");
        OutputFormat.Write(call.Output, ContainerFormat, ContainerRows.Headings, Containers(call, truncates: true));
        call.Output.Write("\nLocal Volumes space usage:\n\n");
        Dictionary<string, object?> volumeHeadings = new() { ["Name"] = "VOLUME NAME", ["Links"] = "LINKS", ["Size"] = "SIZE" };
        OutputFormat.Write(call.Output, VolumeFormat, volumeHeadings, Volumes(call));
        call.Output.Write("\nBuild cache usage: 0B\n\n");
        Dictionary<string, object?> cacheHeadings = new()
        {
            ["ID"] = "CACHE ID", ["CacheType"] = "CACHE TYPE", ["Size"] = "SIZE", ["CreatedSince"] = "CREATED", ["LastUsedSince"] = "LAST USED",
            ["UsageCount"] = "USAGE", ["Shared"] = "SHARED",
        };
        OutputFormat.Write(call.Output, CacheFormat, cacheHeadings, []);
    }

    /// <summary>The whole as one value of a template, without a line's end behind it; the client drops what goes wrong while it is carried out.</summary>
    private static string WriteVerbose(Invocation call, string format)
    {
        GoStruct usage = new("*formatter.diskUsageContext",
        [
            new("Images", () => Images(call, truncates: false).ToArray<object?>()),
            new("Containers", () => Containers(call, truncates: false).ToArray<object?>()),
            new("Volumes", () => Volumes(call).ToArray<object?>()),
            new("BuildCache", () => Array.Empty<object?>()),
        ]);
        return OutputFormat.Parse(format).TryExecute(usage);
    }

    /// <summary>Every image has one row here, by its first tag.</summary>
    private static IEnumerable<GoStruct> Images(Invocation call, bool truncates)
    {
        IReadOnlyList<ListedImage> images = ImageQuery.List(call.Engine, new Filters([]), all: false);
        Dictionary<string, ImageUse> uses = Uses(call.Engine, images, out _);
        IEnumerable<ListedImage> firstNames = images.Select(listed => listed with { Tags = [.. listed.Tags.Take(1)], Digests = [] });
        return ImageRows.Of(firstNames, call.Host.Now, truncates, showsDigests: false, ImageFormat, image => uses[image.Id]).Select(row => row.Row);
    }

    private static IEnumerable<GoStruct> Containers(Invocation call, bool truncates) => call.Engine.Containers.All.Reverse()
        .Select(container => ContainerRows.Of(call.Host, container, truncates, container.LastKnownBytes, showsVirtual: false));

    private static IEnumerable<GoStruct> Volumes(Invocation call) => call.Engine.Volumes.All.Select(volume => VolumeList.Row(volume, (
        call.Engine.Containers.All.Count(container => container.Volumes.Any(mount => mount.Volume == volume)), VolumeStore.MeasureBytes(volume))));

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
