using StorageLab.Model.Images;
using StorageLab.Scenarios;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Images;

/// <summary><c>docker load</c>, from a file or from an input that is redirected from one.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/image/load.go; moby v20.10.24, image/tarexport/load.go.</remarks>
internal static class ImageLoad
{
    public static DockerCommand Build(string path) => new(path, ArgumentCount.None, Run);

    private static int Run(Invocation call)
    {
        string path = call.Flags.Text("input");
        if (path.Length == 0)
            path = call.Streams.InputFile ?? FromPipe(call) ?? throw NoArchive(call);
        foreach (ImageDefinition image in Read(call, path))
        {
            string? old = null;
            bool hadTag = !image.IsUntagged && call.Engine.Images.References.TryGet(ImageName.Parse(image.Tag), out old) && old != image.ImageId;
            call.DemandDone("load", image.Tag, call.Engine.Load(image));
            if (hadTag)
                call.WriteLine($"The image {image.Tag} already exists, renaming the old one with ID {old} to empty string");
            call.WriteLine(image.IsUntagged ? $"Loaded image ID: {image.ImageId}" : $"Loaded image: {image.Tag}");
        }

        return 0;
    }

    /// <summary>The archive whose name came through the pipe.</summary>
    private static string? FromPipe(Invocation call) =>
        call.Streams.IsInputRedirected && call.Streams.Input.ReadToEnd() is { Length: > 0 } name && call.Host.HasArchive(name) ? name : null;

    /// <summary>An input that is redirected reaches the daemon, which finds no images in it; a terminal does not.</summary>
    private static CommandException NoArchive(Invocation call) => new(call.Streams.IsInputRedirected
        ? $"open /var/lib/docker/tmp/docker-import-{Random(call)}/repositories: no such file or directory"
        : "requested load from stdin, but stdin is empty");

    /// <summary>The number at the end of a temporary folder's name.</summary>
    private static string Random(Invocation call) =>
        (Convert.ToUInt64(call.Engine.NewId()[..8], 16) % 4_000_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static IReadOnlyList<ImageDefinition> Read(Invocation call, string path)
    {
        try
        {
            return call.Host.ReadArchive(path) ?? throw new CommandException($"open {path}: no such file or directory");
        }
        catch (InputException e)
        {
            throw new CommandException($"Error processing tar file(exit status 1): {e.Problems[0].Message}");
        }
    }
}
