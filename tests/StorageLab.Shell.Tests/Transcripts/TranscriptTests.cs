using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;
using StorageLab.Scenarios.Recorded;
using StorageLab.Shell.Transcripts;
using Xunit;

namespace StorageLab.Shell.Tests.Transcripts;

public sealed class TranscriptTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Transcripts");

    [Theory]
    [InlineData("containers-and-volumes")]
    [InlineData("flags-and-pipes")]
    [InlineData("lists-and-templates")]
    [InlineData("names-archives-and-builds")]
    public void What_a_real_Docker_answered_is_answered_here(string name) => AssertAgrees(TranscriptValidation.Of(Run(name), CancellationToken.None));

    [Fact]
    public void A_line_that_differs_is_shown_with_both_sides()
    {
        RecordedRun run = Run("containers-and-volumes");
        RecordedTranscript transcript = run.Transcripts[0];
        ImmutableArray<RecordedCommand> commands =
            [.. transcript.Commands.Take(5), new(11, "docker image ls -q nosuch", ["0123456789ab"], 0), new(13, "docker image ls -q core", ["280b72e4cfb2"], 3)];
        ImmutableArray<CommandVerdict> verdicts = TranscriptValidation.Of(run with { Transcripts = [transcript with { Commands = commands }] }, CancellationToken.None);
        Assert.Equal(["- 0123456789ab"], verdicts[5].Differences);
        Assert.Equal(["- [exit 3]", "+ [exit 0]"], verdicts[6].Differences);
    }

    [Fact]
    public void An_image_that_is_known_may_not_stand_for_another()
    {
        RecordedRun run = Run("containers-and-volumes");
        RecordedTranscript transcript = run.Transcripts[0];
        ImmutableArray<RecordedCommand> commands = [.. transcript.Commands.Take(5), new(11, "docker image ls -q core", ["24066bf4f5c1"], 0)];
        ImmutableArray<CommandVerdict> verdicts = TranscriptValidation.Of(run with { Transcripts = [transcript with { Commands = commands }] }, CancellationToken.None);
        Assert.Equal(["- 24066bf4f5c1", "+ 280b72e4cfb2"], verdicts[5].Differences);
    }

    private static void AssertAgrees(ImmutableArray<CommandVerdict> verdicts) => Assert.Equal("", string.Join('\n', verdicts.Where(verdict => !verdict.Agrees)
        .Select(verdict => $"{verdict.Transcript.Name}:{verdict.Command.Line}: {verdict.Command.Text}\n{string.Join('\n', verdict.Differences)}")));

    private static RecordedRun Run(string name)
    {
        NameTable names = new();
        VariantSpec variant = new()
        {
            Name = "overlay2",
            Driver = "overlay2",
            Host = new HostSpec
            {
                Name = "recorded",
                Kernel = KernelVersion.Parse("6.1"),
                DiskBytes = 20L << 30,
                Profile = DeviceProfileReader.Read(Path.Combine(ScenarioLibrary.Shipped.Folder, "profiles/sata-ssd.yaml")),
                FileSystem = "xfs",
                StartedAt = Timestamp.Parse("2026-11-25T05:10:33Z"),
            },
        };
        return new RecordedRun(name, new Scenario { Name = name, Title = name, Seed = 1, Names = names, StepCount = 0, Steps = [], Variants = [variant] }, [])
        {
            MachineFile = "",
            Notes = [],
            ThinDumpFile = null,
            Images = new RecordedImages(Path.Combine(Folder, "images"), names),
            DockerInfo = " CPUs: 2\nWARNING: IPv4 forwarding is disabled\n",
            Transcripts = [RecordedTranscript.Read(Path.Combine(Folder, name + ".txt"))],
        };
    }
}
