using CsCheck;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;
using StorageLab.Shell.Docker;
using Xunit;

namespace StorageLab.Shell.Tests.Docker;

public sealed class CommandLineTests
{
    private static readonly string[] Vocabulary =
    [
        .. DockerCommandLine.Commands.SelectMany(command => command.Split(' ')).Distinct(), "-a", "-q", "-f", "-qa", "--format", "{{.ID}}", "{{json .}}", "{{.Nope", "table {{.ID}}\\t{{.X}}",
        "--filter", "dangling=true", "until=1h", "label=a=b", "=", "-", "--", "--no-trunc=maybe", "--nosuch", "-Z", "--help", "busybox:1.35", "busybox", "nginx:1.22", "BAD:1", "a@b", "",
        "sha256:", "0123456789ab", "c1", "--name", "--name=c1", "sh", "-c", "echo x > /f", "sleep", "1", "-t", "-v", "v1:/data", "/nosuch", "-n", "99999999999999999999", "é",
    ];

    /// <summary>Lines of a command's words and of anything else that a command line may hold.</summary>
    private static readonly Gen<string[]> Words = Gen.Select(
        Gen.Int[0, DockerCommandLine.Commands.Count - 1].Select(index => DockerCommandLine.Commands.ElementAt(index).Split(' ')),
        Gen.Int[0, Vocabulary.Length - 1].Select(index => Vocabulary[index]).Array[0, 6], (command, rest) => (string[])[.. command, .. rest]);

    [Fact]
    public void An_unknown_command_is_refused_with_Dockers_text()
    {
        StringWriter output = new(), error = new();
        int exitCode = new DockerCommandLine(Host()).Run(["foo"], new ShellStreams(TextReader.Null, output, error));
        Assert.Equal(1, exitCode);
        Assert.Equal("docker: 'foo' is not a docker command.\nSee 'docker --help'\n", error.ToString());
        Assert.Empty(output.ToString());
    }

    [Fact]
    public void A_relative_program_is_looked_up_where_the_container_starts()
    {
        DockerCommandLine docker = new(Host());
        StringWriter output = new(), error = new();
        int exitCode = docker.Run(["run", "-w", "/usr", "nginx:1.22", "bin/nosuch"], new ShellStreams(TextReader.Null, output, error));
        Assert.Equal(127, exitCode);
        Assert.Contains("exec: \"bin/nosuch\": stat bin/nosuch: no such file or directory: unknown.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_words_are_carried_out_or_refused()
    {
        DockerCommandLine docker = new(Host());
        Words.Sample(
            words =>
            {
                StringWriter output = new(), error = new();
                int exitCode = docker.Run(words, new ShellStreams(TextReader.Null, output, error) { IsInputRedirected = true });
                Assert.InRange(exitCode, 0, 255);
                Assert.True(exitCode == 0 || error.ToString().Length + output.ToString().Length > 0, string.Join(' ', words));
            },
            iter: 3000, threads: 1);
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
