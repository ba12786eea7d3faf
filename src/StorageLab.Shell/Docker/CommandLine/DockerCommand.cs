namespace StorageLab.Shell.Docker.CommandLine;

/// <summary>A command of Docker's.</summary>
/// <param name="Path">Its words, e.g. <c>image ls</c>, under which its help is found.</param>
/// <param name="Arguments">How many arguments it takes.</param>
/// <param name="Run">Does it and gives the exit code.</param>
internal sealed record DockerCommand(string Path, ArgumentCount Arguments, Func<Invocation, int> Run)
{
    /// <summary>Whether flags end with the first argument.</summary>
    public bool StopsAtFirstArgument { get; init; }

    /// <summary>Other names of its last word.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}
