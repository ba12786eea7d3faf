namespace StorageLab.Host.Docker;

/// <summary>The daemon answered with an error, in the words the docker command would print.</summary>
public sealed class DaemonException(string message) : Exception(message);
