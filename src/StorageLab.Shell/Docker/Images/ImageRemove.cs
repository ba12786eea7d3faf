using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Images;

/// <summary><c>docker image rm</c> and <c>docker rmi</c>: every image by itself; what was refused is said at the end.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/image/remove.go.</remarks>
internal static class ImageRemove
{
    public static DockerCommand Build(string path) => new(path, ArgumentCount.AtLeast(1), Run) { Aliases = path == "rmi" ? [] : ["rmi", "remove"] };

    private static int Run(Invocation call)
    {
        bool isForced = call.Flags.Is("force");
        List<string> errors = [];
        var isFatal = false;
        foreach (string reference in call.Arguments)
        {
            List<RemovalRecord> records = [];
            DockerOutcome outcome = reference.Length == 0
                ? DockerOutcome.NotFound("image", "").NamedAsTyped("image", "")
                : call.Engine.RemoveImage(reference, isForced, records, prunesParents: !call.Flags.Is("no-prune"));
            call.Did("rmi", string.Join(' ', call.Arguments), outcome);
            if (!outcome.IsOk)
            {
                isFatal |= !outcome.IsNotFound || !isForced;
                errors.Add(outcome.Error);
                continue;
            }

            foreach (RemovalRecord record in records)
                call.WriteLine(record.ToString());
        }

        if (errors.Count > 0)
            call.Complain(string.Join('\n', errors));
        return isFatal ? 1 : 0;
    }
}
