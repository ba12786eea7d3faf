namespace StorageLab.Shell.Posix.Execution;

/// <summary>A command was given what the lab does not support.</summary>
/// <param name="argumentIndex">Which argument, from 0; -1 for the command itself.</param>
/// <param name="message">What is wrong and what would be right, without a final stop.</param>
public sealed class CommandUsageException(int argumentIndex, string message) : Exception(message)
{
    public int ArgumentIndex { get; } = argumentIndex;
}
