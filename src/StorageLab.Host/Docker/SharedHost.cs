namespace StorageLab.Host.Docker;

/// <summary>A host that others use too: its daemon is not the lab's to stop.</summary>
public sealed class SharedHost : IHostControl
{
    public bool CanRestartDaemon => false;

    public DockerDaemon RestartDaemon(DockerDaemon daemon, CancellationToken cancellation) =>
        throw new InvalidOperationException("refused before the replay began");
}
