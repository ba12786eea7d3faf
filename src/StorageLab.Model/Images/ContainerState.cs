namespace StorageLab.Model.Images;

/// <summary>What became of a container's process.</summary>
public enum ContainerState
{
    /// <summary>It was never started.</summary>
    Created,

    Running,

    Exited,
}
