namespace StorageLab.Shell.Docker.CommandLine;

/// <summary>A flag of a command.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Shorthand">Its letter; null without one.</param>
/// <param name="Type">As the help names it: <c>string</c>, <c>list</c>, <c>int</c>, <c>filter</c>, …; empty for a switch.</param>
internal sealed record CommandFlag(string Name, char? Shorthand, string Type)
{
    public bool IsSwitch => Type.Length == 0;

    /// <summary>As errors name it: <c>-f, --filter</c>.</summary>
    public override string ToString() => Shorthand is { } letter ? $"-{letter}, --{Name}" : $"--{Name}";
}
