using System.Collections.Immutable;

namespace StorageLab.Model.Images;

/// <summary>What a container is started with, as an image's configuration and a container's own hold it.</summary>
/// <remarks>Lists are null where Docker has none. Source: api/types/container/config.go.</remarks>
public sealed record ContainerConfiguration
{
    public static ContainerConfiguration Empty { get; } = new();

    public string Hostname { get; init; } = "";

    public string User { get; init; } = "";

    public bool AttachesOutput { get; init; }

    public bool AttachesInput { get; init; }

    public bool IsTty { get; init; }

    public bool OpensInput { get; init; }

    public ImmutableSortedSet<string>? ExposedPorts { get; init; }

    public ImmutableArray<string>? Environment { get; init; }

    public ImmutableArray<string>? Command { get; init; }

    /// <summary>The reference or id a container was made from.</summary>
    public string Image { get; init; } = "";

    /// <summary>Mount points of anonymous volumes.</summary>
    public ImmutableSortedSet<string>? Volumes { get; init; }

    public string WorkingDirectory { get; init; } = "";

    public ImmutableArray<string>? Entrypoint { get; init; }

    public ImmutableArray<string>? OnBuild { get; init; }

    public ImmutableSortedDictionary<string, string>? Labels { get; init; }

    /// <summary>Empty for SIGTERM.</summary>
    public string StopSignal { get; init; } = "";

    public ImmutableArray<string>? Shell { get; init; }

    /// <summary>The words of the process: entrypoint, then command.</summary>
    public ImmutableArray<string> Process => [.. Entrypoint ?? [], .. Command ?? []];
}
