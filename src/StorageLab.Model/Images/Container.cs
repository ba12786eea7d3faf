using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Images;

/// <summary>A container the daemon holds, running or stopped.</summary>
public sealed class Container
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The network it was given, e.g. <c>none</c>; the lab has none, so that it is only shown.</summary>
    public string NetworkMode { get; init; } = "bridge";

    public required Image Image { get; init; }

    /// <summary>The reference it was created from, as typed.</summary>
    public required string ImageReference { get; init; }

    public required ContainerLayer Layer { get; init; }

    /// <summary>The program that a start runs, by its path in the image.</summary>
    public required string Program { get; init; }

    /// <summary>Its own configuration merged with its image's.</summary>
    public ContainerConfiguration Configuration { get; init; } = ContainerConfiguration.Empty;

    public Timestamp Created { get; init; } = Timestamp.Never;

    public Timestamp Started { get; set; } = Timestamp.Never;

    public Timestamp Finished { get; set; } = Timestamp.Never;

    /// <summary>When its process ends by itself; never for one that runs until it is stopped.</summary>
    public Timestamp Ends { get; set; } = Timestamp.Never;

    /// <summary>Of the process that ended last.</summary>
    public int ExitCode { get; set; }

    /// <summary>What its processes have changed against the image.</summary>
    public ContainerChanges Changes { get; } = new();

    /// <summary>The mounted files while it runs; else null.</summary>
    public IMountedTree? Tree { get; set; }

    /// <summary>Size of its changes when it last ran, in bytes.</summary>
    public long LastKnownBytes { get; set; }

    /// <summary>Named and anonymous volumes it mounts.</summary>
    public IReadOnlyList<VolumeMount> Volumes { get; init; } = [];

    /// <summary>Whether it is removed when it stops (docker run --rm).</summary>
    public bool IsRemovedAtEnd { get; init; }

    public bool IsRunning => Tree is not null;

    public ContainerState State => IsRunning ? ContainerState.Running : Finished.IsNever ? ContainerState.Created : ContainerState.Exited;
}
