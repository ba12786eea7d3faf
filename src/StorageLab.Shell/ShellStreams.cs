namespace StorageLab.Shell;

/// <summary>The three streams a command reads and writes.</summary>
public sealed record ShellStreams(TextReader Input, TextWriter Output, TextWriter Error)
{
    /// <summary>The file that the input was redirected from; null where there is none. What is no text, such as an archive, is read by its path.</summary>
    public string? InputFile { get; init; }

    /// <summary>The file that the output goes to; null where there is none.</summary>
    public string? OutputFile { get; init; }
}
