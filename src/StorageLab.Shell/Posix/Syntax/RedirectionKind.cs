namespace StorageLab.Shell.Posix.Syntax;

/// <summary>What a redirection does with its descriptor.</summary>
public enum RedirectionKind
{
    /// <summary><c>&lt; file</c>.</summary>
    Read,

    /// <summary><c>&gt; file</c>.</summary>
    Write,

    /// <summary><c>&gt;&gt; file</c>.</summary>
    Append,

    /// <summary><c>2&gt;&amp;1</c>.</summary>
    Duplicate,

    /// <summary><c>&lt;&lt; WORD</c>.</summary>
    HereDocument,
}
