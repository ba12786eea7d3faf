using System.Globalization;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Shell.Docker.Formats;
using StorageLab.Shell.GoTemplates;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Images;

/// <summary>Rows of an image list: one per tag, or per digest of an image without tag.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/formatter/image.go.</remarks>
internal static class ImageRows
{
    private const string None = "<none>";
    private const string NotAvailable = "N/A";

    public static IReadOnlyDictionary<string, object?> Headings { get; } = new Dictionary<string, object?>
    {
        ["ID"] = "IMAGE ID", ["Repository"] = "REPOSITORY", ["Tag"] = "TAG", ["Digest"] = "DIGEST", ["CreatedSince"] = "CREATED",
        ["CreatedAt"] = "CREATED AT", ["Size"] = "SIZE", ["Containers"] = "CONTAINERS", ["VirtualSize"] = "SIZE",
        ["SharedSize"] = "SHARED SIZE", ["UniqueSize"] = "UNIQUE SIZE",
    };

    /// <param name="showsDigests">Whether digests have a column.</param>
    /// <param name="format">The template, which may ask for digests too.</param>
    /// <param name="usage">Shared bytes and containers of an image, for system df; null for an image list.</param>
    public static IEnumerable<(Image Image, GoStruct Row)> Of(
        IEnumerable<ListedImage> images, Timestamp now, bool truncates, bool showsDigests, string format, Func<Image, ImageUse>? usage = null)
    {
        bool needsDigests = showsDigests || format.Contains("{{.Digest}}", StringComparison.Ordinal);
        foreach (ListedImage listed in images)
        {
            foreach ((string repository, string tag, string digest) in Names(listed, showsDigests, needsDigests))
                yield return (listed.Image, Row(listed.Image, repository, tag, digest, now, truncates, usage?.Invoke(listed.Image)));
        }
    }

    private static IEnumerable<(string Repository, string Tag, string Digest)> Names(ListedImage listed, bool showsDigests, bool needsDigests)
    {
        if (listed.Tags.Count + listed.Digests.Count == 0)
        {
            yield return (None, None, None);
            yield break;
        }

        foreach (ImageName name in listed.Tags)
        {
            string[] digests = needsDigests ? [.. listed.Digests.Where(digest => digest.Name == name.Name).Select(digest => digest.Digest!)] : [];
            foreach (string digest in digests.Length > 0 ? digests : [None])
                yield return (name.FamiliarName, name.Tag!, digest);
        }

        IEnumerable<ImageName> remaining = listed.Digests.Where(digest => listed.Tags.All(tag => tag.Name != digest.Name));
        foreach (ImageName name in showsDigests ? remaining : remaining.DistinctBy(name => name.Name))
            yield return (name.FamiliarName, None, showsDigests ? name.Digest! : "");
    }

    private static GoStruct Row(Image image, string repository, string tag, string digest, Timestamp now, bool truncates, ImageUse? use)
    {
        Timestamp created = image.Configuration.Created;
        return OutputFormat.Row(
            "imageContext",
            ("ID", () => truncates ? ContentIds.Truncated(image.Id) : image.Id),
            ("Repository", () => repository),
            ("Tag", () => tag),
            ("Digest", () => use is null ? digest : ""),
            ("CreatedSince", () => created.IsNever ? "" : Shown.Since(created, now)),
            ("CreatedAt", () => created.IsNever ? "" : Shown.Date(created)),
            ("Size", () => DockerUnits.HumanSize(image.VirtualBytes, 3)),
            ("Containers", () => use?.ContainerCount.ToString(CultureInfo.InvariantCulture) ?? NotAvailable),
            ("VirtualSize", () => DockerUnits.HumanSize(image.VirtualBytes)),
            ("SharedSize", () => use is { } shared ? DockerUnits.HumanSize(shared.SharedBytes) : NotAvailable),
            ("UniqueSize", () => use is { } unique ? DockerUnits.HumanSize(image.VirtualBytes - unique.SharedBytes) : NotAvailable));
    }
}
