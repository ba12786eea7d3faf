using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;
using StorageLab.Shell.Docker;
using Xunit;

namespace StorageLab.Shell.Tests.Docker;

public sealed class CommandLineTests
{
    [Fact]
    public void An_unknown_command_is_refused_with_Dockers_text()
    {
        StringWriter output = new(), error = new();
        int exitCode = new DockerCommandLine(Host()).Run(["foo"], new ShellStreams(TextReader.Null, output, error));
        Assert.Equal(1, exitCode);
        Assert.Equal("docker: 'foo' is not a docker command.\nSee 'docker --help'\n", error.ToString());
        Assert.Empty(output.ToString());
    }

    private static DockerHost Host()
    {
        NameTable names = new();
        VariantSpec variant = new()
        {
            Name = "overlay2",
            Driver = "overlay2",
            Host = new HostSpec
            {
                Name = "test",
                Kernel = KernelVersion.Parse("6.1"),
                DiskBytes = 20L << 30,
                Profile = DeviceProfileReader.Read(Path.Combine(ScenarioLibrary.Shipped.Folder, "profiles/sata-ssd.yaml")),
                FileSystem = "xfs",
            },
        };
        CatalogImageSource images = new(ImageCatalog.Open(ScenarioLibrary.Shipped.CatalogFolder, names), names);
        return new DockerHost(new LabHost(variant, 1, names), images);
    }
}
