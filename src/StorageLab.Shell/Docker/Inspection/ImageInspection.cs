using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Inspection;

/// <summary><c>docker image inspect</c>.</summary>
/// <remarks>Source: api/types/types.go (ImageInspect) of moby v20.10.24.</remarks>
internal static class ImageInspection
{
    public static DockerCommand Build() => new("image inspect", ArgumentCount.AtLeast(1), call => InspectOutput.Run(
        call, name => Find(call.Host, name, out _), name => Complaint(call.Host, name)));

    public static GoStruct? Find(DockerHost host, string name, out DockerOutcome refusal) =>
        host.Engine.Images.Find(name, out refusal) is { } image ? Describe(host, image) : null;

    private static string Complaint(DockerHost host, string name)
    {
        _ = host.Engine.Images.Find(name, out DockerOutcome refusal);
        return refusal.NamedAsTyped("image", name).Error;
    }

    private static GoStruct Describe(DockerHost host, Image image)
    {
        ImageConfiguration configuration = image.Configuration;
        if (!configuration.IsKnown)
            host.UnknownImages.Add(image);
        IEnumerable<ImageName> names = host.Engine.Images.References.Of(image.Id);
        return new GoStruct("types.ImageInspect",
        [
            new("ID", "Id", () => image.Id),
            new("RepoTags", () => Inspected.Texts(names.Where(name => !name.IsCanonical).Select(name => name.Familiar))),
            new("RepoDigests", () => Inspected.Texts(names.Where(name => name.IsCanonical).Select(name => name.Familiar))),
            new("Parent", () => image.ParentId ?? ""),
            new("Comment", () => configuration.Comment.Length > 0 || configuration.History.IsEmpty ? configuration.Comment : configuration.History[^1].Comment),
            new("Created", () => Inspected.Time(configuration.Created)),
            new("Container", () => configuration.Container),
            new("ContainerConfig", () => Inspected.Configuration(configuration.ContainerConfiguration)),
            new("DockerVersion", () => configuration.DockerVersion),
            new("Author", () => configuration.Author),
            new("Config", () => Inspected.Configuration(configuration.Configuration)),
            new("Architecture", () => configuration.Architecture),
            new("Os", () => configuration.OperatingSystem),
            new("Size", () => image.VirtualBytes),
            new("VirtualSize", () => image.VirtualBytes),
            new("GraphDriver", () => Inspected.GraphDriver(host, image.Top?.CacheId)),
            new("RootFS", () => new GoStruct("types.RootFS",
            [
                new("Type", () => "layers"),
                new("Layers", "Layers", () => Inspected.Texts(image.Layers.Select(layer => layer.DiffId)), OmitsEmpty: true),
            ])),
            new("Metadata", () => new GoStruct("types.ImageMetadata", [new("LastTagTime", () => Inspected.Time(image.LastTagged))])),
        ]);
    }
}
