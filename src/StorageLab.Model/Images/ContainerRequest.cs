using System.Collections.Immutable;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Images;

/// <summary>What a container is to be made of.</summary>
public sealed record ContainerRequest
{
    private static readonly ImmutableSortedDictionary<string, string> NoLabels = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The image, as typed.</summary>
    public required string Reference { get; init; }

    public required string Name { get; init; }

    /// <summary>The program that a start runs, by its path in the image.</summary>
    public string Program { get; init; } = DockerEngine.DefaultProgram;

    /// <summary>What differs from the image's own configuration.</summary>
    public ContainerConfiguration Configuration { get; init; } = ContainerConfiguration.Empty;

    public string NetworkMode { get; init; } = "bridge";

    public IReadOnlyList<VolumeMount> Volumes { get; init; } = [];

    public bool IsRemovedAtEnd { get; init; }

    internal Container Make(string id, Image image, ContainerLayer layer, Timestamp now) => new()
    {
        Id = id,
        Name = Name,
        Image = image,
        ImageReference = Reference,
        Layer = layer,
        Program = Program,
        Created = now,
        Configuration = Merge(image.Configuration.Configuration) with { Hostname = ContentIds.Truncated(id), Image = Reference },
        NetworkMode = NetworkMode,
        Volumes = Volumes,
        IsRemovedAtEnd = IsRemovedAtEnd,
    };

    /// <summary>The image's configuration under the container's own (daemon/commit.go, merge): a new entrypoint drops the image's command.</summary>
    private ContainerConfiguration Merge(ContainerConfiguration image)
    {
        bool hasCommand = Configuration.Command is { Length: > 0 };
        bool hasEntrypoint = Configuration.Entrypoint is { Length: > 0 };
        return Configuration with
        {
            User = Configuration.User.Length > 0 ? Configuration.User : image.User,
            ExposedPorts = Union(Configuration.ExposedPorts, image.ExposedPorts),
            Environment = MergeEnvironment(Configuration.Environment, image.Environment),
            Command = hasCommand || hasEntrypoint ? Configuration.Command : image.Command,
            Entrypoint = hasEntrypoint ? Configuration.Entrypoint : image.Entrypoint,
            WorkingDirectory = Configuration.WorkingDirectory.Length > 0 ? Configuration.WorkingDirectory : image.WorkingDirectory,
            Volumes = Union(Configuration.Volumes, image.Volumes),
            OnBuild = Configuration.OnBuild,
            Labels = (image.Labels ?? NoLabels).SetItems(Configuration.Labels ?? NoLabels),
            StopSignal = Configuration.StopSignal.Length > 0 ? Configuration.StopSignal : image.StopSignal,
            Shell = Configuration.Shell ?? image.Shell,
        };
    }

    private static ImmutableSortedSet<string>? Union(
        ImmutableSortedSet<string>? own, ImmutableSortedSet<string>? image) =>
        own is null ? image : image is null ? own : own.Union(image);

    private static ImmutableArray<string>? MergeEnvironment(
        ImmutableArray<string>? own, ImmutableArray<string>? image)
    {
        if (own is null || image is null)
            return own ?? image;
        HashSet<string> given = [.. own.Value.Select(entry => entry.Split('=')[0])];
        return [.. own.Value, .. image.Value.Where(entry => !given.Contains(entry.Split('=')[0]))];
    }
}
