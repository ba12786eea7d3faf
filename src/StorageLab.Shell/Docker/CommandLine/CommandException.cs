namespace StorageLab.Shell.Docker.CommandLine;

/// <summary>Ends a command with a text on the error stream.</summary>
/// <param name="message">Docker's words, without the line's end.</param>
/// <param name="exitCode">What the command exits with.</param>
internal sealed class CommandException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode => exitCode;
}
