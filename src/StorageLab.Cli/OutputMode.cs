namespace StorageLab.Cli;

/// <summary>How a run shows itself.</summary>
internal enum OutputMode
{
    /// <summary>A moving progress on a terminal's error stream, a table on the output.</summary>
    Rich,

    /// <summary>No colours, no line drawing, progress as occasional lines.</summary>
    Plain,

    /// <summary>The summary as JSON on the output, no progress.</summary>
    Json,

    /// <summary>Nothing but errors.</summary>
    Quiet,
}
