namespace StorageLab.Shell.Posix.Execution;

/// <summary>How many commands a script has run.</summary>
internal sealed class CommandCounter
{
    public int Count { get; set; }
}
