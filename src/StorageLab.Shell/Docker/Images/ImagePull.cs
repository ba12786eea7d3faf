using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Images;

/// <summary><c>docker pull</c>, with the progress that is printed where there is no terminal.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/image/pull.go; moby v20.10.24, distribution/pull_v2.go and xfer/download.go.</remarks>
internal static class ImagePull
{
    /// <summary>Layers fetched at once (daemon/config, max-concurrent-downloads); the others wait.</summary>
    private const int ConcurrentDownloads = 3;

    public static DockerCommand Build(string path) => new(path, ArgumentCount.Exactly(1), Run);

    /// <summary>Pulls one image.</summary>
    /// <param name="output">Takes the progress.</param>
    /// <exception cref="CommandException">The registry has no such image, or there is no room for it.</exception>
    public static void Pull(Invocation call, ImageName name, TextWriter output)
    {
        DemandRegistry(call, name);
        ImageDefinition image = call.Host.Registry.Find(name) ?? throw NotFound(call, name);
        bool isNew = PullOne(call, name, image, output);
        output.Write($"Status: {Status(isNew)} {name.Familiar}\n");
    }

    private static int Run(Invocation call)
    {
        ImageName name = ImageName.TryParse(call.Arguments[0], out string? error) ?? throw new CommandException(error!);
        bool isQuiet = call.Flags.Is("quiet");
        bool all = call.Flags.Is("all-tags");
        if (all && !name.IsNameOnly)
            throw new CommandException("tag can't be used with --all-tags/-a");
        if (!all && name.IsNameOnly)
        {
            name = name.WithDefaultTag();
            if (!isQuiet)
                call.WriteLine($"Using default tag: {name.Tag}");
        }

        TextWriter progress = isQuiet ? TextWriter.Null : call.Output;
        if (all)
            PullAll(call, name, progress);
        else
            Pull(call, name, progress);
        call.WriteLine(name.ToString());
        return 0;
    }

    private static void PullAll(Invocation call, ImageName name, TextWriter output)
    {
        DemandRegistry(call, name);
        IReadOnlyDictionary<string, ImageDefinition> tags = call.Host.Registry.TagsOf(name);
        if (tags.Count == 0)
            throw NotFound(call, name);
        var isNew = false;
        foreach ((string tag, ImageDefinition image) in tags)
            isNew |= PullOne(call, name with { Tag = tag }, image, output);
        output.Write($"Status: {Status(isNew)} {name.Familiar}\n");
    }

    /// <returns>Whether the reference is new or moved.</returns>
    private static bool PullOne(Invocation call, ImageName name, ImageDefinition image, TextWriter output)
    {
        output.Write($"{name.Tag ?? name.Familiar}: Pulling from {name.Path}\n");
        call.DemandDone("pull", name.Familiar, call.Engine.Pull(image, name, out PullReport? report));
        if (!report!.IsImageThere)
            WriteLayers(image, report, output);
        output.Write($"Digest: {ImageManifest.Of(image).Digest}\n");
        return report.IsReferenceMoved;
    }

    private static void WriteLayers(ImageDefinition image, PullReport report, TextWriter output)
    {
        List<string> fetched = [];
        for (var index = 0; index < image.Layers.Length; index++)
        {
            string id = ContentIds.Truncated(ImageManifest.BlobDigest(image.Layers[index].DiffId));
            if (!report.AreLayersThere[index])
                fetched.Add(id);
            output.Write(report.AreLayersThere[index] ? $"{id}: Already exists\n" : $"{id}: Pulling fs layer\n");
        }

        foreach (string id in fetched.Skip(ConcurrentDownloads))
            output.Write($"{id}: Waiting\n");
        foreach (string id in fetched)
            output.Write($"{id}: Verifying Checksum\n{id}: Download complete\n");
        foreach (string id in fetched)
            output.Write($"{id}: Pull complete\n");
    }

    private static string Status(bool isNew) => isNew ? "Downloaded newer image for" : "Image is up to date for";

    private static void DemandRegistry(Invocation call, ImageName name)
    {
        if (name.IsInDefaultRegistry && call.Host.Images.DefaultRegistryProblem is { } problem)
            throw Refused(call, name, problem);
    }

    private static CommandException NotFound(Invocation call, ImageName name) => Refused(
        call,
        name,
        name.IsInDefaultRegistry && call.Host.Registry.TagsOf(name).Count == 0
            ? $"pull access denied for {name.FamiliarName}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied"
            : $"manifest for {name.Familiar} not found: manifest unknown: manifest unknown");

    private static CommandException Refused(Invocation call, ImageName name, string problem)
    {
        DockerOutcome outcome = DockerOutcome.Refused(problem);
        call.Did("pull", name.Familiar, outcome);
        return new CommandException(outcome.Error);
    }
}
