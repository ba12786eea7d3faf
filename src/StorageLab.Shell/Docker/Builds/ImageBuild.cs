using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Builds;

/// <summary><c>docker build</c> with the classic builder.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/image/build.go.</remarks>
internal static class ImageBuild
{
    private const int UsageExitCode = 125;

    public static DockerCommand Build(string path) => new(path, ArgumentCount.Exactly(1), Run);

    private static int Run(Invocation call)
    {
        ImageName[] tags = [.. call.Flags.Texts("tag").Select(text => ImageName.TryParse(text, out string? error)?.WithDefaultTag() ?? throw BadTag(text, error!))];
        bool isQuiet = call.Flags.Is("quiet");
        StringWriter kept = new();
        TextWriter output = isQuiet ? kept : call.Output;
        BuildContext context = Context(call);
        // The size is shown as it grows, and a carriage return brings the terminal back to it.
        output.Write($"Sending build context to Docker daemon  {DockerUnits.HumanSize(context.ArchiveBytes)}\r\r\n");
        try
        {
            Image image = new ClassicBuilder(call, context, output).Build();
            output.Write($"Successfully built {ContentIds.Truncated(image.Id)}\n");
            foreach (ImageName tag in tags)
            {
                call.DemandDone("build", tag.Familiar, call.Engine.Tag(image, tag));
                output.Write($"Successfully tagged {tag.Familiar}\n");
            }

            if (tags.Length == 0)
                call.Did("build", ContentIds.Truncated(image.Id), DockerOutcome.Ok);
            if (isQuiet)
                call.WriteLine(image.Id);
            return 0;
        }
        catch (Exception e) when (e is DockerfileException or CommandException && isQuiet)
        {
            call.Streams.Error.Write(kept.ToString());
            throw e is CommandException ? e : Refused(e.Message);
        }
        catch (DockerfileException e)
        {
            throw Refused(e.Message);
        }
    }

    private static BuildContext Context(Invocation call)
    {
        string path = call.Arguments[0];
        if (path == "-")
            return new BuildContext([], call.Streams.Input.ReadToEnd(), "Dockerfile") is { Dockerfile.Length: > 0 } piped ? piped : throw Refused("the Dockerfile (Dockerfile) cannot be empty");
        string name = call.Flags.Text("file", "");
        if (call.Host.Shell is { } shell && shell.Files.IsDirectory(shell.Resolve(path)))
        {
            string folder = shell.Resolve(path);
            string dockerfile = name.Length == 0 ? $"{folder}/Dockerfile".Replace("//", "/", StringComparison.Ordinal) : shell.Resolve(name);
            if (BuildContext.Read(shell.Files, folder, dockerfile) is { } inLab)
                return inLab;
            if (!Directory.Exists(path) || path == ".")
                throw NoDockerfile(dockerfile);
        }

        if (!Directory.Exists(path))
            throw new CommandException($"unable to prepare context: path \"{path}\" not found");
        string file = name.Length == 0 ? Path.Combine(path, "Dockerfile") : name;
        return BuildContext.ReadFolder(path, file) ?? throw NoDockerfile(Path.GetFullPath(file));
    }

    private static CommandException NoDockerfile(string path) =>
        new($"unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat {path}: no such file or directory");

    private static CommandException BadTag(string text, string error) =>
        new($"invalid argument \"{text}\" for \"-t, --tag\" flag: {error}\nSee 'docker build --help'.", UsageExitCode);

    private static CommandException Refused(string text) => new(DockerOutcome.Refused(text).Error);
}
