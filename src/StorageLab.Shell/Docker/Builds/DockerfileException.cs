namespace StorageLab.Shell.Docker.Builds;

/// <summary>A Dockerfile that cannot be read, in the daemon's words.</summary>
internal sealed class DockerfileException(string message) : Exception(message);
