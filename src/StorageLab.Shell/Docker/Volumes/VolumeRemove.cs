using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Volumes;

/// <summary><c>docker volume rm</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/volume/remove.go.</remarks>
internal static class VolumeRemove
{
    public static DockerCommand Build() => new("volume rm", ArgumentCount.AtLeast(1), Run) { Aliases = ["remove"] };

    private static int Run(Invocation call) => call.ForEachArgument("volume-rm", name =>
    {
        if (!call.Engine.Volumes.TryGet(name, out Volume? volume))
            return DockerOutcome.NotFound("volume", name).NamedAsTyped("volume", name);
        string[] users = [.. call.Engine.Containers.All.Where(container => container.Volumes.Any(mount => mount.Volume == volume)).Select(container => container.Id)];
        if (users.Length > 0)
            return DockerOutcome.Refused($"remove {name}: volume is in use - [{string.Join(", ", users)}]");
        call.Engine.Volumes.Remove(volume!);
        return DockerOutcome.Ok;
    });
}
