using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Formats;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Images;

/// <summary><c>docker image ls</c> and <c>docker images</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/image/list.go and formatter/image.go.</remarks>
internal static class ImageList
{
    private const string TableFormat = "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}";
    private const string TableWithDigestFormat =
        "table {{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}";

    public static DockerCommand Build(string path) => new(path, ArgumentCount.AtMost(1), Run) { Aliases = path == "images" ? [] : ["list"] };

    private static int Run(Invocation call)
    {
        Filters filters = new(call.Flags.Texts("filter"));
        if (call.Arguments is [{ Length: > 0 } name])
            filters.Add("reference", name);
        bool showsDigests = call.Flags.Is("digests");
        string format = FormatOf(call.Flags.Text("format"), call.Flags.Is("quiet"), showsDigests);
        IReadOnlyList<ListedImage> images = ImageQuery.List(call.Engine, filters, call.Flags.Is("all"));
        (Image Image, GoStruct Row)[] rows = [.. ImageRows.Of(images, call.Host.Now, !call.Flags.Is("no-trunc"), showsDigests, format)];
        IReadOnlyList<int> lineCounts = OutputFormat.Write(call.Output, format, ImageRows.Headings, rows.Select(row => row.Row));
        IEnumerable<string> ids = rows.Zip(lineCounts).SelectMany(pair => Enumerable.Repeat(pair.First.Image.Id, pair.Second));
        call.Host.ListedImageIds = OutputFormat.IsTable(format) ? ["", .. ids] : [.. ids];
        return 0;
    }

    private static string FormatOf(string given, bool isQuiet, bool showsDigests) => given switch
    {
        "" or OutputFormat.Table => isQuiet ? "{{.ID}}" : showsDigests ? TableWithDigestFormat : TableFormat,
        OutputFormat.Raw when isQuiet => "image_id: {{.ID}}",
        OutputFormat.Raw => "repository: {{ .Repository }}\ntag: {{.Tag}}\n" + (showsDigests ? "digest: {{.Digest}}\n" : "")
            + "image_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n",
        _ => OutputFormat.IsTable(given) && showsDigests && !given.Contains("{{.Digest}}", StringComparison.Ordinal) ? given + "\t{{.Digest}}" : given,
    };
}
