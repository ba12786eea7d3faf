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
            path = call.Streams.InputFile ?? throw new CommandException("requested load from stdin, but stdin is empty");
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
