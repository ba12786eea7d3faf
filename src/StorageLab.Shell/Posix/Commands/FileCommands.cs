using System.Collections.Immutable;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>mkdir, rm and touch on the lab's own files.</summary>
internal static class FileCommands
{
    private static readonly OptionSet MakeOptions = new("mkdir", "pv", "m", ("parents", 'p'));
    private static readonly OptionSet RemoveOptions = new("rm", "rfRv", "", ("recursive", 'r'), ("force", 'f'));
    private static readonly OptionSet TouchOptions = new("touch", "");

    public static CommandRun MakeDirectory(ImmutableArray<string> arguments) => ForEach(
        MakeOptions.Parse(arguments).Operands, (state, path) => state.Files.MakeDirectory(path) is { } error ? $"mkdir: cannot create directory ‘{path}’: {error}" : null);

    public static CommandRun Remove(ImmutableArray<string> arguments)
    {
        ParsedOptions options = RemoveOptions.Parse(arguments);
        return ForEach(options.Operands, (state, path) =>
        {
            if (state.Files.IsDirectory(path) && !options.Has('r') && !options.Has('R'))
                return $"rm: cannot remove '{path}': Is a directory";
            return state.Files.Remove(path) || options.Has('f') ? null : $"rm: cannot remove '{path}': No such file or directory";
        });
    }

    public static CommandRun Touch(ImmutableArray<string> arguments) => ForEach(
        TouchOptions.Parse(arguments).Operands,
        (state, path) => state.Files.TryRead(path, out _) || state.Files.Write(path, "") is not { } error ? null : $"touch: cannot touch '{path}': {error}");

    /// <param name="act">Gives what is wrong; null when all went well.</param>
    private static CommandRun ForEach(ImmutableArray<string> paths, Func<ShellState, string, string?> act) => call =>
    {
        var status = 0;
        foreach (string path in paths)
        {
            if (act(call.State, call.State.Resolve(path)) is not { } problem)
                continue;
            call.Complain(problem);
            status = 1;
        }

        return status;
    };
}
