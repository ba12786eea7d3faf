namespace StorageLab.Advice.Configuration;

/// <summary>One thing about a daemon's configuration that its owner should know.</summary>
/// <param name="Severity">What Docker makes of it.</param>
/// <param name="File">The file as it was named.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is there, and what would be right; one line without a final stop.</param>
public sealed record ConfigurationFinding(FindingSeverity Severity, string File, int Line, int Column, string Message)
{
    /// <summary><c>file:line:column: message</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {(Severity == FindingSeverity.Fatal ? "Docker will not start: " : "")}{Message}";
}
