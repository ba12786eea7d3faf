using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Images;

/// <summary>The daemon's list of images, filtered.</summary>
/// <remarks>Source: moby v20.10.24, daemon/images/images.go.</remarks>
internal static class ImageQuery
{
    /// <param name="all">Intermediate images too.</param>
    /// <returns>Youngest first.</returns>
    /// <exception cref="CommandException">An unknown filter, or one that names no image.</exception>
    public static IReadOnlyList<ListedImage> List(DockerEngine engine, Filters filters, bool all)
    {
        filters.Allow("dangling", "label", "before", "since", "reference");
        bool? dangling = filters.Boolean("dangling", ["true"], ["false"]);
        Image? before = Find(engine, filters, "before");
        Image? since = Find(engine, filters, "since");
        List<ListedImage> listed = [];
        foreach (Image image in engine.Images.All)
        {
            bool hasChildren = engine.Images.HasChildren(image.Id);
            if ((dangling == true && hasChildren)
                || (before is not null && image.Configuration.Created >= before.Configuration.Created)
                || (since is not null && image.Configuration.Created <= since.Configuration.Created)
                || !filters.MatchesLabels("label", image.Configuration.Configuration.Labels))
                continue;
            ListedImage item = Pick(engine, filters, image);
            bool isUnnamed = item.Tags.Count + item.Digests.Count == 0;
            if (isUnnamed ? (hasChildren && !all) || dangling == false || filters.Has("reference") : dangling == true && item.Tags.Count > 0)
                continue;
            listed.Add(item);
        }

        // The daemon sorts by whole seconds and leaves the rest to chance; here the later made comes first.
        return [.. listed.AsEnumerable().Reverse().OrderByDescending(item => item.Image.Configuration.Created.UnixSeconds)];
    }

    private static ListedImage Pick(DockerEngine engine, Filters filters, Image image)
    {
        List<ImageName> tags = [], digests = [];
        foreach (ImageName name in engine.Images.References.Of(image.Id))
        {
            if (filters.Has("reference") && !filters.Of("reference").Any(pattern => Matches(pattern, name)))
                continue;
            (name.IsCanonical ? digests : tags).Add(name);
        }

        return new ListedImage(image, tags, digests);
    }

    private static bool Matches(string pattern, ImageName name) =>
        (PathPattern.Match(pattern, name.Familiar) ?? throw new CommandException(DockerOutcome.Refused("syntax error in pattern").Error))
        || PathPattern.Match(pattern, name.FamiliarName) == true;

    private static Image? Find(DockerEngine engine, Filters filters, string name)
    {
        Image? image = null;
        foreach (string reference in filters.Of(name))
        {
            image = engine.Images.Find(reference, out DockerOutcome refusal);
            Invocation.Demand(refusal);
        }

        return image;
    }
}
