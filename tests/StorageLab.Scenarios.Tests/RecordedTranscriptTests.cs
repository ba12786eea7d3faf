using StorageLab.Scenarios.Recorded;
using Xunit;

namespace StorageLab.Scenarios.Tests;

/// <summary>Transcripts beside a recorded run.</summary>
public sealed class RecordedTranscriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("storagelab-transcripts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_text_without_a_prompt_is_no_transcript()
    {
        Write("console.txt", "[    6.39] mkfs.xfs -f /dev/ubdc\n");
        Write("02-later.txt", "$ docker ps -q\n");
        Write("01-first.txt", "# notes\n$ docker images -q\nabc\ndef\n");
        Assert.Equal(["01-first", "02-later"], RecordedTranscript.ReadAll(_folder).Select(transcript => transcript.Name));
    }

    [Fact]
    public void Output_before_the_first_command_of_a_transcript_is_refused_with_its_line()
    {
        Write("01.txt", "# notes\nabc\n$ docker images -q\n");
        InputException refused = Assert.Throws<InputException>(() => RecordedTranscript.ReadAll(_folder));
        Assert.Equal(2, Assert.Single(refused.Problems).Line);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
