namespace StorageLab.Shell.Docker.Daemon;

/// <summary>The build of Docker that is modelled: Debian 12's docker.io, the last release line with devicemapper.</summary>
/// <remarks>Source: docker version and docker info of the recorded hosts.</remarks>
internal static class DaemonBuild
{
    public const string Version = "20.10.24+dfsg1";
    public const string ApiVersion = "1.41";
    public const string MinimumApiVersion = "1.12";
    public const string GoVersion = "go1.19.8";
    public const string ClientCommit = "297e128";
    public const string ServerCommit = "5d6db84";
    public const string Built = "Thu May  7 21:09:36 2026";
    public const string Containerd = "1.6.20~ds1";
    public const string ContainerdCommit = "1.6.20~ds1-1+deb12u3";
    public const string Runc = "1.1.5+ds1";
    public const string RuncCommit = "1.1.5+ds1-1+deb12u1";
    public const string Init = "0.19.0";
    public const string DeviceMapperLibrary = "1.02.185 (2022-05-18)";

    public static string VersionLine => $"Docker version {Version}, build {ClientCommit}";
}
