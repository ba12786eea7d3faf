namespace StorageLab.Shell;

/// <summary>The three streams a command reads and writes.</summary>
public sealed record ShellStreams(TextReader Input, TextWriter Output, TextWriter Error)
{
    /// <summary>The file that the input was redirected from; null where there is none. What is no text, such as an archive, is read by its path.</summary>
    public string? InputFile { get; init; }

    /// <summary>Whether the input is not a terminal's, so that a client takes what it holds for the thing itself.</summary>
    public bool IsInputRedirected { get; init; }

    /// <summary>Whether the output is not a terminal's.</summary>
    public bool IsOutputRedirected { get; init; }

    /// <summary>The file that the output goes to; null where there is none.</summary>
    public string? OutputFile { get; init; }
}
