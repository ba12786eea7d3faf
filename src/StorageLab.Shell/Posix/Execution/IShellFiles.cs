namespace StorageLab.Shell.Posix.Execution;

/// <summary>The files that a shell's redirections and commands work on.</summary>
/// <remarks>Paths are absolute and resolved (<see cref="ShellState.Resolve"/>).</remarks>
public interface IShellFiles
{
    bool IsDirectory(string path);

    /// <summary>Whether there is a file, and its text as far as it is known.</summary>
    bool TryRead(string path, out string text);

    /// <summary>Writes a file.</summary>
    /// <returns>The errno text of what stands in the way; null when it was written.</returns>
    string? Write(string path, string text);

    /// <summary>As <see cref="Write"/>, behind what is there.</summary>
    string? Append(string path, string text);

    /// <summary>mkdir -p.</summary>
    string? MakeDirectory(string path);

    /// <summary>Removes a file, or a directory with what is in it.</summary>
    /// <returns>Whether there was one.</returns>
    bool Remove(string path);

    /// <summary>Names in a directory, in ordinal order.</summary>
    IEnumerable<string> NamesIn(string directory);
}
