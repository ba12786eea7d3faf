using System.Collections.Immutable;

namespace StorageLab.Shell.Posix.Execution;

/// <summary>One call of a command.</summary>
/// <param name="Streams">Where it reads and writes.</param>
/// <param name="State">The shell it runs in.</param>
/// <param name="RunOther">Runs another command by name and arguments, for commands that call commands.</param>
public sealed record CommandCall(ShellStreams Streams, ShellState State, Func<ImmutableArray<string>, ShellStreams, int> RunOther)
{
    /// <summary>A file of the lab, or the input for <c>-</c>.</summary>
    /// <returns>Null when there is no such file, which was said on the error stream in the command's name.</returns>
    public string? ReadText(string command, string file)
    {
        if (file == "-")
            return Streams.Input.ReadToEnd();
        string path = State.Resolve(file);
        if (State.IsArchive(file))
            return file;
        if (State.Files.TryRead(path, out string text))
            return text;
        Complain($"{command}: {file}: {(State.Files.IsDirectory(path) ? "Is a directory" : "No such file or directory")}");
        return null;
    }

    /// <summary>Lines of files of the lab, or of the input where none are named, with <c>-</c> for the input.</summary>
    /// <param name="command">Names the command in complaints.</param>
    /// <param name="status">1 when a file could not be read, which was said on the error stream.</param>
    public List<string> ReadLines(string command, IReadOnlyList<string> files, out int status)
    {
        status = 0;
        List<string> lines = [];
        foreach (string file in files.Count == 0 ? ["-"] : files)
        {
            if (ReadText(command, file) is not { } text)
            {
                status = 1;
                continue;
            }

            using StringReader reader = new(text);
            while (reader.ReadLine() is { } line)
                lines.Add(line);
        }

        return lines;
    }

    public void Print(string line)
    {
        Streams.Output.Write(line);
        Streams.Output.Write('\n');
    }

    public void Complain(string line)
    {
        Streams.Error.Write(line);
        Streams.Error.Write('\n');
    }
}
