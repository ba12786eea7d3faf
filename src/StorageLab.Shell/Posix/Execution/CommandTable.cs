using System.Collections.Immutable;
using StorageLab.Model.Text;

namespace StorageLab.Shell.Posix.Execution;

/// <summary>The commands a shell knows.</summary>
public sealed class CommandTable(IEnumerable<KeyValuePair<string, CommandPreparation>> commands)
{
    private readonly ImmutableSortedDictionary<string, CommandPreparation> _commands =
        commands.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public IEnumerable<string> Names => _commands.Keys;

    public bool Knows(string name) => _commands.ContainsKey(name);

    /// <summary>Understands a command with its arguments.</summary>
    /// <exception cref="CommandUsageException">There is no such command (argument -1), or it does not take these arguments.</exception>
    public CommandRun Prepare(string name, ImmutableArray<string> arguments)
    {
        if (_commands.TryGetValue(name, out CommandPreparation? prepare))
            return prepare(arguments);
        string hint = NearestWord.Find(name, Names) is { } nearest ? $"did you mean {nearest}?" : "docker and the usual text tools are";
        throw new CommandUsageException(-1, $"the command '{Shown(name)}' is not supported; {hint}");
    }

    private static string Shown(string name) => name.Length <= 40 ? name : name[..40] + "…";
}
