using StorageLab.Model.Images;

namespace StorageLab.Shell.Docker;

/// <summary>Docker's command line on a lab host: the commands, flags, output and exit codes of Docker 20.10.</summary>
public sealed class DockerCommandLine(DockerHost host)
{
    /// <summary>Runs one command.</summary>
    /// <param name="arguments">The words after <c>docker</c>.</param>
    /// <param name="streams">Where it reads and writes.</param>
    /// <returns>Docker's exit code: 0 when all went well, 1 when the daemon refused, 125 for usage.</returns>
    public int Run(IReadOnlyList<string> arguments, ShellStreams streams)
    {
        switch (arguments)
        {
            case ["images" or "image", ..]:
                foreach (Image image in host.Engine.Images.All)
                    streams.Output.Write($"{ContentIds.Truncated(image.Id)}\n");
                return 0;
            case ["tag", var reference, var newReference]:
                DockerOutcome outcome = host.Engine.Tag(reference, newReference);
                host.Step = new DockerStep("tag", $"{reference} {newReference}", outcome);
                if (!outcome.IsOk)
                    streams.Error.Write(outcome.Error + "\n");
                return outcome.IsOk ? 0 : 1;
            default:
                streams.Error.Write($"docker: '{(arguments.Count > 0 ? arguments[0] : "")}' is not a docker command.\nSee 'docker --help'\n");
                return 1;
        }
    }
}
