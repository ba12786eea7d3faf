namespace StorageLab.Shell.Posix.Syntax;

/// <summary>How a text that ends too early was left.</summary>
public enum Incompleteness
{
    /// <summary>It did not end too early.</summary>
    None,

    /// <summary>A quote, substitution or expansion is open.</summary>
    Word,

    /// <summary>A command goes on: a loop, a condition, a here-document, or an operator or backslash at the end of the line.</summary>
    Command,
}
