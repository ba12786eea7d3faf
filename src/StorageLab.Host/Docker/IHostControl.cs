namespace StorageLab.Host.Docker;

/// <summary>What a scenario does to a host beside its daemon's API. A host that others use too allows little of it; a throw-away machine all.</summary>
public interface IHostControl
{
    /// <summary>Whether the daemon may be stopped and started.</summary>
    bool CanRestartDaemon { get; }

    /// <summary>Stops the daemon, with every running container, and starts it again.</summary>
    /// <returns>The daemon that runs now.</returns>
    DockerDaemon RestartDaemon(DockerDaemon daemon, CancellationToken cancellation);
}
