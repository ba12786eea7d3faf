using System.Collections.Immutable;
using StorageLab.Model.Images;
using StorageLab.Shell.Docker;
using StorageLab.Shell.Posix.Execution;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Host;

/// <summary>The lab's word for the other side of docker pull: what the registry has, and that it gets a tag's next build.</summary>
internal sealed class RegistryCommand(DockerHost host)
{
    private const string Usage = "registry: write registry ls NAME…, or registry update NAME:TAG…";

    public CommandRun Prepare(ImmutableArray<string> arguments) => arguments switch
    {
        ["ls", _, ..] => call => ForEach(call, arguments[1..], List),
        ["update", _, ..] => call => ForEach(call, arguments[1..], Update),
        _ => throw new CommandUsageException(-1, Usage),
    };

    private static int ForEach(CommandCall call, ImmutableArray<string> names, Func<CommandCall, ImageName, string?> act)
    {
        var status = 0;
        foreach (string text in names)
        {
            string? problem = ImageName.TryParse(text, out string? error) is { } name ? act(call, name) : error;
            if (problem is null)
                continue;
            call.Complain($"registry: {text}: {problem}");
            status = 1;
        }

        return status;
    }

    /// <summary>Tags of a repository, compressed as they travel and unpacked as docker image ls shows them.</summary>
    private string? List(CommandCall call, ImageName name)
    {
        IReadOnlyDictionary<string, ImageDefinition> tags = host.Registry.TagsOf(name);
        if (tags.Count == 0)
            return "the registry has no such repository";
        foreach ((string tag, ImageDefinition image) in tags.Where(entry => name.Tag is null || entry.Key == name.Tag))
        {
            string compressed = DockerUnits.HumanSize(image.Layers.Sum(layer => layer.CompressedBytes), 3);
            string unpacked = DockerUnits.HumanSize(image.Layers.Sum(layer => layer.Content.FileBytes), 3);
            call.Print($"{name.FamiliarName}:{tag}: {image.Layers.Length} layer{(image.Layers.Length == 1 ? "" : "s")}, {compressed} compressed, {unpacked} unpacked");
        }

        return null;
    }

    /// <summary>From now on the tag names its next build; who pulled it before keeps what he has until he pulls again.</summary>
    private string? Update(CommandCall call, ImageName name)
    {
        name = name.WithDefaultTag();
        if (name.Tag is null || host.Registry.Find(name) is not { } current)
            return "the registry has no such tag";
        IReadOnlyList<ImageDefinition> builds = host.Images.BuildsOf(name.Path, name.Tag);
        for (var index = 0; index + 1 < builds.Count; index++)
        {
            if (builds[index].ImageId != current.ImageId)
                continue;
            host.Registry.Push(name, builds[index + 1]);
            call.Print($"{name.Familiar} is built anew in the registry: {ContentIds.Truncated(builds[index + 1].ImageId)} instead of {ContentIds.Truncated(current.ImageId)}");
            return null;
        }

        return "the registry never gets a newer build of it";
    }
}
