namespace StorageLab.Shell.Posix.Execution;

/// <summary>What a command has asked of the commands around it.</summary>
public enum ShellFlow
{
    /// <summary>To go on.</summary>
    None,
    Break,
    Continue,
    Exit,
}
