namespace StorageLab.Shell.Posix.Syntax;

/// <summary>The lines that follow a command's line for its input; they are read after the command itself.</summary>
public sealed class HereDocument(bool isLiteral, bool dropsTabs, string delimiter)
{
    /// <summary>Whether the delimiter was quoted, so that nothing in the lines is expanded.</summary>
    public bool IsLiteral { get; } = isLiteral;

    /// <summary>Whether it was written <c>&lt;&lt;-</c>, which drops tabs at the beginning of lines.</summary>
    public bool DropsTabs { get; } = dropsTabs;

    public string Delimiter { get; } = delimiter;

    /// <summary>The lines, quoted as a whole; null until they were read.</summary>
    public Word? Body { get; internal set; }
}
