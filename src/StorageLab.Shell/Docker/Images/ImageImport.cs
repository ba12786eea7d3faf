using StorageLab.Model.Images;
using StorageLab.Scenarios;
using StorageLab.Shell.Docker.Builds;
using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker.Images;

/// <summary><c>docker import</c>: an archive of a whole file system becomes an image of one layer.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/image/import.go; moby v20.10.24, daemon/images/image_import.go.</remarks>
internal static class ImageImport
{
    public static DockerCommand Build(string path) => new(path, ArgumentCount.AtLeast(1), Run);

    private static int Run(Invocation call)
    {
        string source = call.Arguments[0];
        string path = source == "-" ? call.Streams.InputFile ?? throw new CommandException("storagelab: an archive is imported from a file, not from a pipe") : source;
        ImageName? name = null;
        if (call.Arguments.Count > 1)
            name = (ImageName.TryParse(call.Arguments[1], out string? error) ?? throw new CommandException(error!)).WithDefaultTag();
        ImageLayer layer = Read(call, path);
        ContainerConfiguration configuration = ConfigurationChange.Apply(ContainerConfiguration.Empty, call.Flags.Texts("change"));
        string message = call.Flags.IsGiven("message") ? call.Flags.Text("message") : $"Imported from {source}";
        ImageConfiguration described = new()
        {
            Created = call.Host.Now,
            Comment = message,
            DockerVersion = Daemon.DaemonBuild.Version,
            Configuration = configuration,
            History = [new HistoryEntry(call.Host.Now, "", message, IsEmptyLayer: false)],
        };
        DockerOutcome outcome = call.Engine.Import(layer, described, name, out Image? image);
        call.DemandDone("import", name?.Familiar ?? source, outcome);
        call.WriteLine(image!.Id);
        return 0;
    }

    private static ImageLayer Read(Invocation call, string path)
    {
        try
        {
            return call.Host.Images.ReadLayer(path) ?? throw new CommandException($"open {path}: no such file or directory");
        }
        catch (InputException e)
        {
            throw new CommandException($"Error processing tar file(exit status 1): {e.Problems[0].Message}");
        }
    }
}
