namespace StorageLab.Scenarios;

/// <summary>One thing that is wrong with something a user gave, and what would be right.</summary>
/// <param name="File">The file as the user named it, or the command-line option.</param>
/// <param name="Line">Line in the file, from 1; 0 where the problem has no line (archives, missing files).</param>
/// <param name="Column">Column in the line, from 1; 0 with line 0.</param>
/// <param name="Message">One line without a final stop.</param>
public sealed record InputProblem(string File, int Line, int Column, string Message)
{
    /// <summary>One line whatever it quotes: control characters, which may come from the file, are shown as question marks.</summary>
    public string Message { get; } = LayerLimits.ShownLine(Message);

    /// <summary><c>file:line:column: message</c>, or <c>file: message</c>.</summary>
    public override string ToString() => Line == 0 ? $"{File}: {Message}" : $"{File}:{Line}:{Column}: {Message}";
}
