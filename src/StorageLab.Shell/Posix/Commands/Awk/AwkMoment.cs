namespace StorageLab.Shell.Posix.Commands.Awk;

/// <summary>When a rule is looked at.</summary>
internal enum AwkMoment
{
    Begin,
    Line,
    End,
}
