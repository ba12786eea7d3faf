using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Images;

/// <summary><c>docker save</c>: the lab keeps what an archive would hold under the archive's name, for a later load; it has sizes, not contents,
/// so no file is written; into a pipe goes a name that stands for it.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/image/save.go.</remarks>
internal static class ImageSave
{
    public static DockerCommand Build(string path) => new(path, ArgumentCount.AtLeast(1), Run);

    private static int Run(Invocation call)
    {
        string path = call.Flags.Text("output");
        if (path.Length == 0)
            path = call.Streams.OutputFile ?? "";
        if (path.Length == 0 && !call.Streams.IsOutputRedirected)
            throw new CommandException("cowardly refusing to save to a terminal. Use the -o flag or redirect");
        List<ImageDefinition> saved = [];
        foreach (string reference in call.Arguments)
        {
            Image? image = call.Engine.Images.Find(reference, out DockerOutcome refusal);
            if (refusal.IsNotFound)
                refusal = DockerOutcome.Refused($"No such image: {reference}");
            Invocation.Demand(refusal);
            saved.AddRange(Describe(call.Engine, image!, reference));
        }

        if (path.Length == 0)
            call.Output.Write(path = DockerHost.StreamFolder + call.Engine.NewId());
        else if (Path.GetDirectoryName(path) is { Length: > 0 } folder && !call.Host.IsFolder(folder))
            throw new CommandException($"failed to save image: invalid output path: directory \"{folder}\" does not exist");
        call.Host.SaveArchive(path, saved);
        return 0;
    }

    /// <summary>A tag alone, every tag of a repository's name, or none for an id.</summary>
    private static IEnumerable<ImageDefinition> Describe(DockerEngine engine, Image image, string reference)
    {
        ImageName? name = ImageName.TryParse(reference, out _);
        ImageName[] tags = name is null || !engine.Images.References.TryGet(name, out _)
            ? []
            : [.. engine.Images.References.Of(image.Id).Where(tag => !tag.IsCanonical && tag.Name == name.Name && (name.IsNameOnly || tag.Tag == name.Tag))];
        ImageDefinition saved = ImageExport.Of(image, tags.Length > 0 ? tags[0].Familiar : $"{ContentIds.Truncated(image.Id)}:{ImageName.DefaultTag}");
        return tags.Length == 0 ? [saved with { IsUntagged = true }] : tags.Select(tag => saved with { Key = tag.Familiar, Tag = tag.Familiar });
    }
}
