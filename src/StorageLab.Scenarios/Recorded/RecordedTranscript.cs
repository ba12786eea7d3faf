using System.Collections.Immutable;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Command lines of a real host with their output, in order.</summary>
/// <param name="File">Where it was read.</param>
/// <param name="Commands">What was typed and answered.</param>
public sealed record RecordedTranscript(string File, ImmutableArray<RecordedCommand> Commands)
{
    private const string Prompt = "$ ";

    /// <summary>Its name: the file's without ending.</summary>
    public string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>The transcripts of a run, in the order of their names. A text without a single prompt is somebody's notes or a machine's console.</summary>
    /// <exception cref="InputException">One cannot be read, or holds output before the first command.</exception>
    public static ImmutableArray<RecordedTranscript> ReadAll(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal).Where(HoldsCommands).Select(Read)];

    /// <summary>Reads one: a command follows a prompt, its output the command; lines before the first prompt that begin with # are notes.</summary>
    public static RecordedTranscript Read(string file)
    {
        ImmutableArray<RecordedCommand>.Builder commands = ImmutableArray.CreateBuilder<RecordedCommand>();
        string text = InputFile.ReadText(file);
        string? command = null;
        var commandLine = 0;
        List<string> output = [];
        var number = 0;
        foreach (string line in text.EndsWith('\n') ? text[..^1].Split('\n') : text.Split('\n'))
        {
            number++;
            if (line.StartsWith(Prompt, StringComparison.Ordinal))
            {
                if (command is not null)
                    commands.Add(RecordedCommand.Of(commandLine, command, output));
                (command, commandLine) = (line[Prompt.Length..], number);
                output.Clear();
            }
            else if (command is not null)
            {
                output.Add(line);
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                throw new InputException([new InputProblem(file, number, 1, "output without a command; a transcript's commands follow '$ '")]);
            }
        }

        if (command is not null)
            commands.Add(RecordedCommand.Of(commandLine, command, output));
        return new RecordedTranscript(file, commands.ToImmutable());
    }

    private static bool HoldsCommands(string file)
    {
        try
        {
            return System.IO.File.ReadLines(file).Any(line => line.StartsWith(Prompt, StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Reading it in full says what is wrong with it.
            return true;
        }
    }
}
