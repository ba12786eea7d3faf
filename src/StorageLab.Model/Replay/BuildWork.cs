using System.Collections.Immutable;
using StorageLab.Model.Images;

namespace StorageLab.Model.Replay;

/// <summary>What the builder does for one instruction.</summary>
public sealed record BuildWork
{
    /// <summary>Name of its container.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it runs a process; one that only changes the configuration or copies files has a container that never starts.</summary>
    public required bool Starts { get; init; }

    /// <summary>Words the container shows as its command.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>What the new image says of itself.</summary>
    public required CommitDescription Description { get; init; }

    /// <summary>What is done in the container.</summary>
    public required Func<Container, DockerOutcome> Work { get; init; }

    /// <summary>Whether the container stays when the image is made (docker build --rm=false).</summary>
    public bool KeepsContainer { get; init; }
}
