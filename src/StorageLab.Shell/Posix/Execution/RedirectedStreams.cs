using System.Collections.Immutable;
using StorageLab.Shell.Posix.Syntax;

namespace StorageLab.Shell.Posix.Execution;

/// <summary>The streams of a command with its redirections, and the files that are written when it ends.</summary>
internal sealed class RedirectedStreams
{
    private readonly ShellState _state;
    private readonly List<(string Path, CapturedOutput Text, bool Appends)> _files = [];

    private RedirectedStreams(ShellStreams streams, ShellState state)
    {
        Streams = streams;
        _state = state;
    }

    public ShellStreams Streams { get; private set; }

    /// <summary>Opens files from left to right.</summary>
    /// <returns>Null when one cannot be opened, which was said on the error stream.</returns>
    public static RedirectedStreams? Open(
        ImmutableArray<Redirection> redirections, ShellStreams streams, ShellState state, WordExpander expander, ScriptText text)
    {
        RedirectedStreams opened = new(streams, state);
        foreach (Redirection redirection in redirections)
        {
            if (!opened.Apply(redirection, expander, text))
                return null;
        }

        return opened;
    }

    /// <summary>Writes the files.</summary>
    /// <returns>False when one could not be written, which was said on the error stream.</returns>
    public bool Close()
    {
        var isWritten = true;
        foreach ((string path, CapturedOutput text, bool appends) in _files)
        {
            var written = text.ToString();
            if (written.Length == 0 || (appends ? _state.Files.Append(path, written) : _state.Files.Write(path, written)) is not { } error)
                continue;
            Streams.Error.Write($"sh: {path}: {error}\n");
            isWritten = false;
        }

        return isWritten;
    }

    private bool Apply(Redirection redirection, WordExpander expander, ScriptText text)
    {
        switch (redirection.Kind)
        {
            case RedirectionKind.HereDocument:
                Set(redirection, new StringReader(expander.Text(redirection.Document!.Body!)), text);
                return true;
            case RedirectionKind.Duplicate:
                TextWriter source = redirection.Target.PlainText == "1" ? Streams.Output : Streams.Error;
                Set(redirection, source, text);
                return true;
        }

        string typed = expander.Text(redirection.Target);
        string path = _state.Resolve(typed);
        if (redirection.Kind == RedirectionKind.Read)
        {
            if (_state.IsArchive(typed))
            {
                Set(redirection, TextReader.Null, text);
                Streams = Streams with { InputFile = typed };
                return true;
            }

            if (!_state.Files.TryRead(path, out string content))
                return Fail(path, _state.Files.IsDirectory(path) ? "Is a directory" : "No such file or directory");
            Set(redirection, new StringReader(content), text);
            return true;
        }

        bool appends = redirection.Kind == RedirectionKind.Append;
        if ((appends ? _state.Files.Append(path, "") : _state.Files.Write(path, "")) is { } error)
            return Fail(path, error);
        CapturedOutput output = new();
        _files.Add((path, output, appends));
        Set(redirection, output, text);
        if (redirection.Descriptor == 1)
            Streams = Streams with { OutputFile = typed };
        return true;
    }

    private void Set(Redirection redirection, TextReader input, ScriptText text) => Streams = redirection.Descriptor == 0
        ? Streams with { Input = input, IsInputRedirected = true }
        : throw text.Wrong(redirection.Place, "only descriptor 0 can be read from");

    private void Set(Redirection redirection, TextWriter output, ScriptText text) => Streams = redirection.Descriptor switch
    {
        1 => Streams with { Output = output, IsOutputRedirected = true },
        2 => Streams with { Error = output },
        _ => throw text.Wrong(redirection.Place, "only descriptors 1 and 2 can be written to"),
    };

    private bool Fail(string path, string error)
    {
        Streams.Error.Write($"sh: {path}: {error}\n");
        return false;
    }
}
