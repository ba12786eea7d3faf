namespace StorageLab.Shell.Posix.Execution;

/// <summary>What a shell remembers from command to command.</summary>
public sealed class ShellState(IShellFiles files)
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    /// <summary>The lab's own files; a subshell shares them.</summary>
    public IShellFiles Files { get; } = files;

    /// <summary>Whether a path is an archive: no text, and read by its path alone.</summary>
    public Func<string, bool> IsArchive { get; init; } = _ => false;

    public string WorkingDirectory { get; set; } = "/root";

    /// <summary>Exit status of the last command: <c>$?</c>.</summary>
    public int Status { get; set; }

    /// <summary>set -e.</summary>
    public bool ExitsOnError { get; set; }

    /// <summary>set -u.</summary>
    public bool FailsOnUnset { get; set; }

    /// <summary>set -x.</summary>
    public bool Traces { get; set; }

    /// <summary>set -o pipefail.</summary>
    public bool PipeFails { get; set; }

    public ShellFlow Flow { get; set; }

    /// <summary>Loops that <see cref="ShellFlow.Break"/> and <see cref="ShellFlow.Continue"/> still have to leave.</summary>
    public int FlowDepth { get; set; }

    /// <summary>Loops around the command that runs.</summary>
    public int LoopDepth { get; set; }

    /// <summary>Conditions around the command that runs: in them set -e lets commands fail.</summary>
    public int ConditionDepth { get; set; }

    public string? Get(string name) => name switch
    {
        "?" => Status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        "PWD" => WorkingDirectory,
        "HOME" => "/root",
        "USER" => "root",
        _ => _variables.GetValueOrDefault(name),
    };

    public void Set(string name, string value) => _variables[name] = value;

    public void Unset(string name) => _variables.Remove(name);

    /// <summary>A path as it is from the root on, without <c>.</c> and <c>..</c>.</summary>
    public string Resolve(string path)
    {
        List<string> parts = [];
        foreach (string part in (path.StartsWith('/') ? path : $"{WorkingDirectory}/{path}").Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or ".."))
                parts.Add(part);
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>The state of a subshell: the same, but what it sets does not come back.</summary>
    public ShellState Fork()
    {
        ShellState fork = new(Files)
        {
            IsArchive = IsArchive,
            WorkingDirectory = WorkingDirectory,
            Status = Status,
            ExitsOnError = ExitsOnError,
            FailsOnUnset = FailsOnUnset,
            Traces = Traces,
            PipeFails = PipeFails,
            ConditionDepth = ConditionDepth,
        };
        foreach ((string name, string value) in _variables)
            fork._variables.Add(name, value);
        return fork;
    }
}
