using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Images;

/// <summary><c>docker tag</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/image/tag.go; vendored client/image_tag.go.</remarks>
internal static class ImageTag
{
    public static DockerCommand Build(string path) => new(path, ArgumentCount.Exactly(2), Run) { StopsAtFirstArgument = true };

    private static int Run(Invocation call)
    {
        (string source, string target) = (call.Arguments[0], call.Arguments[1]);
        // The client reads both itself before it asks the daemon.
        if (!ImageName.IsId(source) && ImageName.TryParse(source, out string? error) is null)
            throw NotAReference(source, error!);
        if (ImageName.TryParse(target, out error) is not { } name)
            throw NotAReference(target, error!);
        if (name.IsCanonical)
            throw new CommandException("refusing to create a tag with a digest reference");
        call.DemandDone("tag", $"{source} {target}", call.Engine.Tag(source, target));
        return 0;
    }

    private static CommandException NotAReference(string text, string error) =>
        new($"Error parsing reference: \"{text}\" is not a valid repository/tag: {error}");
}
