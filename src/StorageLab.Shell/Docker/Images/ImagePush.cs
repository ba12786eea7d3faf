using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Images;

/// <summary><c>docker push</c>: the image can be pulled from its registry afterwards.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/image/push.go; moby v20.10.24, distribution/push.go and push_v2.go.</remarks>
internal static class ImagePush
{
    /// <summary>Layers sent at once (daemon/config, max-concurrent-uploads); the others wait.</summary>
    private const int ConcurrentUploads = 5;

    public static DockerCommand Build(string path) => new(path, ArgumentCount.Exactly(1), Run);

    private static int Run(Invocation call)
    {
        ImageName name = ImageName.TryParse(call.Arguments[0], out string? error) ?? throw new CommandException(error!);
        bool all = call.Flags.Is("all-tags");
        bool isQuiet = call.Flags.Is("quiet");
        if (all && !name.IsNameOnly)
            throw new CommandException("tag can't be used with --all-tags/-a");
        if (!all && name.IsNameOnly)
        {
            name = name.WithDefaultTag();
            if (!isQuiet)
                call.WriteLine($"Using default tag: {name.Tag}");
        }

        if (name.IsCanonical)
            throw new CommandException("cannot push a digest reference");
        TextWriter progress = isQuiet ? TextWriter.Null : call.Output;
        progress.Write($"The push refers to repository [{name.Name}]\n");
        (ImageName Name, Image Image)[] local = Local(call.Engine, name);
        if (local.Length == 0)
            throw new CommandException($"An image does not exist locally with the tag: {name.FamiliarName}");
        foreach ((ImageName tag, Image image) in all ? local : [Pick(local, name)])
            Push(call.Host, tag, image, progress);
        if (isQuiet)
            call.WriteLine(name.ToString());
        return 0;
    }

    /// <summary>What the daemon has of a repository.</summary>
    private static (ImageName Name, Image Image)[] Local(DockerEngine engine, ImageName name) =>
    [
        .. engine.Images.All.SelectMany(image => engine.Images.References.Of(image.Id).Select(tag => (tag, image)))
            .Where(pair => !pair.tag.IsCanonical && pair.tag.Name == name.Name).OrderBy(pair => pair.tag.Tag, StringComparer.Ordinal),
    ];

    private static (ImageName Name, Image Image) Pick((ImageName Name, Image Image)[] local, ImageName name)
    {
        int index = Array.FindIndex(local, pair => pair.Name.Tag == name.Tag);
        return index >= 0 ? local[index] : throw new CommandException($"tag does not exist: {name.Familiar}");
    }

    private static void Push(DockerHost host, ImageName name, Image image, TextWriter output)
    {
        if (name.IsInDefaultRegistry)
            throw new CommandException(host.Images.DefaultRegistryProblem ?? "denied: requested access to the resource is denied");
        ImageLayer[] layers = [.. image.Layers.Reverse().Select(layer => layer.Source)];
        string[] ids = [.. layers.Select(layer => ContentIds.Truncated(layer.DiffId))];
        foreach (string id in ids)
            output.Write($"{id}: Preparing\n");
        foreach (string id in ids.Skip(ConcurrentUploads))
            output.Write($"{id}: Waiting\n");
        for (var index = 0; index < layers.Length; index++)
            output.Write($"{ids[index]}: {StateOf(host.Registry, name, layers[index])}\n");
        ImageDefinition pushed = ImageExport.Of(image, name.Familiar);
        ImageManifest manifest = ImageManifest.Of(pushed);
        host.Registry.Push(name, pushed);
        image.ManifestDigest = manifest.Digest;
        _ = host.Engine.Images.SetReference(name with { Tag = null, Digest = manifest.Digest }, image.Id);
        output.Write($"{name.Tag}: digest: {manifest.Digest} size: {manifest.LengthBytes}\n");
    }

    private static string StateOf(Registry registry, ImageName name, ImageLayer layer)
    {
        if (registry.Has(name, layer.DiffId))
            return "Layer already exists";
        return registry.FindElsewhere(name, layer.DiffId) is { } other ? $"Mounted from {other}" : "Pushed";
    }
}
