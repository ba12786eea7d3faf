using StorageLab.Model.Drivers;

namespace StorageLab.Model.Images;

/// <summary>A container the daemon holds, running or stopped.</summary>
public sealed class Container
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required Image Image { get; init; }

    /// <summary>The reference it was created from, as typed.</summary>
    public required string ImageReference { get; init; }

    public required ContainerLayer Layer { get; init; }

    /// <summary>The program that a start runs, by its path in the image.</summary>
    public required string Program { get; init; }

    /// <summary>What its processes have changed against the image.</summary>
    public ContainerChanges Changes { get; } = new();

    /// <summary>The mounted files while it runs; else null.</summary>
    public IMountedTree? Tree { get; set; }

    /// <summary>Size of its changes when it last ran, in bytes.</summary>
    public long LastKnownBytes { get; set; }

    public bool IsRunning => Tree is not null;
}
