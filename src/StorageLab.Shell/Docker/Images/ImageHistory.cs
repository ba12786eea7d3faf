using System.Globalization;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Formats;
using StorageLab.Shell.GoTemplates;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Images;

/// <summary><c>docker history</c>: what made an image's layers, the last first.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/image/formatter_history.go; moby v20.10.24, daemon/images/image_history.go.</remarks>
internal static class ImageHistory
{
    private const string Missing = "<missing>";
    private const int CreatedByLength = 45;
    private const string HumanFormat = "table {{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";
    private const string PlainFormat = "table {{.ID}}\t{{.CreatedAt}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";

    public static DockerCommand Build(string path) => new(path, ArgumentCount.Exactly(1), Run);

    private static int Run(Invocation call)
    {
        Image? image = call.Engine.Images.Find(call.Arguments[0], out DockerOutcome refusal);
        Invocation.Demand(refusal);
        if (!image!.Configuration.IsKnown)
            call.Host.UnknownImages.Add(image);
        bool isHuman = !call.Flags.IsGiven("human") || call.Flags.Is("human");
        string given = call.Flags.Text("format");
        string format = given is "" or OutputFormat.Table ? call.Flags.Is("quiet") ? "{{.ID}}" : isHuman ? HumanFormat : PlainFormat : given;
        Dictionary<string, object?> headings = new()
        {
            ["ID"] = "IMAGE", ["CreatedSince"] = "CREATED", ["CreatedAt"] = "CREATED AT", ["CreatedBy"] = "CREATED BY", ["Size"] = "SIZE",
            ["Comment"] = "COMMENT",
        };
        OutputFormat.Write(call.Output, format, headings, Rows(call, image, isHuman));
        return 0;
    }

    private static IEnumerable<GoStruct> Rows(Invocation call, Image image, bool isHuman)
    {
        Queue<Layer> layers = new(image.Layers);
        List<(HistoryEntry Entry, long Bytes)> lines = [];
        foreach (HistoryEntry entry in image.Configuration.History)
            lines.Add((entry, !entry.IsEmptyLayer && layers.TryDequeue(out Layer? layer) ? layer.SizeBytes : 0));
        lines.Reverse();
        bool truncates = !call.Flags.Is("no-trunc");
        Image? named = image;
        foreach ((HistoryEntry entry, long bytes) in lines)
        {
            string id = named is null ? Missing : Shown.Id(named.Id, truncates);
            yield return Row(entry, id, bytes, call.Host.Now, truncates, isHuman);
            named = named?.ParentId is { } parentId && call.Engine.Images.TryGet(parentId, out Image? parent) ? parent : null;
        }
    }

    private static GoStruct Row(HistoryEntry entry, string id, long bytes, Timestamp now, bool truncates, bool isHuman)
    {
        string createdBy = entry.CreatedBy.Replace('\t', ' ');
        string createdAt = entry.Created.IsNever ? entry.Created.ToString() : entry.Created.Format("yyyy-MM-dd'T'HH:mm:ss") + "Z";
        return OutputFormat.Row(
            "image.historyContext",
            ("ID", () => id),
            ("CreatedAt", () => createdAt),
            ("CreatedSince", () => !isHuman ? createdAt : entry.Created.IsNever ? "N/A" : Shown.Since(entry.Created, now)),
            ("CreatedBy", () => truncates ? Shown.Ellipsis(createdBy, CreatedByLength) : createdBy),
            ("Size", () => isHuman ? DockerUnits.HumanSize(bytes, 3) : bytes.ToString(CultureInfo.InvariantCulture)),
            ("Comment", () => entry.Comment));
    }
}
