using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Containers;

/// <summary><c>docker rm</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/container/rm.go.</remarks>
internal static class ContainerRemove
{
    public static DockerCommand Build(string path) => new(path, ArgumentCount.AtLeast(1), Run) { Aliases = path == "rm" ? [] : ["remove"] };

    /// <summary>Removes the volumes that were made for one container.</summary>
    public static void RemoveAnonymousVolumes(DockerEngine engine, Container container)
    {
        foreach (VolumeMount mount in container.Volumes.Where(mount => mount.Volume.IsAnonymous))
            engine.Volumes.Remove(mount.Volume);
    }

    private static int Run(Invocation call)
    {
        bool isForced = call.Flags.Is("force");
        List<string> errors = [];
        var isFatal = false;
        foreach (string name in call.Arguments)
        {
            Container? container = call.Engine.Containers.Find(name, out _);
            DockerOutcome outcome = call.Engine.RemoveContainer(name.Trim('/'), isForced);
            call.Did("rm", string.Join(' ', call.Arguments), outcome);
            if (outcome.IsOk)
            {
                if (call.Flags.Is("volumes"))
                    RemoveAnonymousVolumes(call.Engine, container!);
                call.WriteLine(name);
                continue;
            }

            isFatal |= !outcome.IsNotFound || !isForced;
            errors.Add(outcome.Error);
        }

        if (errors.Count > 0)
            call.Complain(string.Join('\n', errors));
        return isFatal ? 1 : 0;
    }
}
