using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Daemon;

/// <summary><c>docker version</c>: the build that is modelled.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/system/version.go.</remarks>
internal static class DockerVersion
{
    public static DockerCommand Build() => new("version", ArgumentCount.None, Run);

    private static int Run(Invocation call)
    {
        string format = call.Flags.Text("format");
        if (format.Length > 0)
        {
            InspectOutput.Execute(call, format, Describe(call.Host), "version");
            return 0;
        }

        call.Output.Write(
            $"""
            Client:
             Version:           {DaemonBuild.Version}
             API version:       {DaemonBuild.ApiVersion}
             Go version:        {DaemonBuild.GoVersion}
             Git commit:        {DaemonBuild.ClientCommit}
             Built:             {DaemonBuild.Built}
             OS/Arch:           linux/amd64
             Context:           default
             Experimental:      true

            Server:
             Engine:
              Version:          {DaemonBuild.Version}
              API version:      {DaemonBuild.ApiVersion} (minimum version {DaemonBuild.MinimumApiVersion})
              Go version:       {DaemonBuild.GoVersion}
              Git commit:       {DaemonBuild.ServerCommit}
              Built:            {DaemonBuild.Built}
              OS/Arch:          linux/amd64
              Experimental:     false
             containerd:
              Version:          {DaemonBuild.Containerd}
              GitCommit:        {DaemonBuild.ContainerdCommit}
             runc:
              Version:          {DaemonBuild.Runc}
              GitCommit:        {DaemonBuild.RuncCommit}
             docker-init:
              Version:          {DaemonBuild.Init}
            """ + "\n  GitCommit:        \n");
        return 0;
    }

    private static GoStruct Describe(DockerHost host) => new("system.versionInfo",
    [
        new("Client", () => new GoStruct("system.clientVersion",
        [
            new("Platform", () => new GoStruct("struct { Name string }", [new("Name", () => "")])),
            new("Version", () => DaemonBuild.Version), new("APIVersion", "ApiVersion", () => DaemonBuild.ApiVersion),
            new("DefaultAPIVersion", "DefaultAPIVersion", () => DaemonBuild.ApiVersion), new("GitCommit", () => DaemonBuild.ClientCommit),
            new("GoVersion", () => DaemonBuild.GoVersion), new("Os", () => "linux"), new("Arch", () => "amd64"), new("BuildTime", () => DaemonBuild.Built),
            new("Context", () => "default"), new("Experimental", () => true),
        ])),
        new("Server", () => new GoStruct("*types.Version",
        [
            new("Platform", () => new GoStruct("struct { Name string }", [new("Name", () => "")])),
            new("Version", () => DaemonBuild.Version), new("APIVersion", "ApiVersion", () => DaemonBuild.ApiVersion),
            new("MinAPIVersion", () => DaemonBuild.MinimumApiVersion), new("GitCommit", () => DaemonBuild.ServerCommit),
            new("GoVersion", () => DaemonBuild.GoVersion), new("Os", () => "linux"), new("Arch", () => "amd64"),
            new("KernelVersion", () => host.Facts.KernelVersion), new("BuildTime", () => DaemonBuild.Built),
        ])),
    ]);
}
