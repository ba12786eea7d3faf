using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>Commands that change the shell they run in: set, export, unset, read, cd, exit, break, continue.</summary>
internal static class ShellBuiltIns
{
    private static readonly OptionSet ReadOptions = new("read", "r");

    public static CommandRun Set(ImmutableArray<string> arguments)
    {
        List<Action<ShellState>> changes = [];
        for (var index = 0; index < arguments.Length; index++)
        {
            string argument = arguments[index];
            if (argument.Length < 2 || argument[0] is not ('-' or '+'))
                throw new CommandUsageException(index, "set: positional parameters are not supported; -e, -u, -x and -o pipefail are");
            bool turnsOn = argument[0] == '-';
            foreach (char letter in argument[1..])
            {
                string name = letter != 'o' ? letter.ToString() : index + 1 < arguments.Length ? arguments[++index] : "";
                changes.Add(name switch
                {
                    "e" or "errexit" => state => state.ExitsOnError = turnsOn,
                    "u" or "nounset" => state => state.FailsOnUnset = turnsOn,
                    "x" or "xtrace" => state => state.Traces = turnsOn,
                    "pipefail" => state => state.PipeFails = turnsOn,
                    _ => throw new CommandUsageException(index, $"set: '{name}' is not supported; -e, -u, -x and -o pipefail are"),
                });
            }
        }

        return call =>
        {
            foreach (Action<ShellState> change in changes)
                change(call.State);
            return 0;
        };
    }

    public static CommandRun Export(ImmutableArray<string> arguments) => call =>
    {
        foreach (string argument in arguments)
        {
            string[] halves = argument.Split('=', 2);
            if (halves.Length == 2)
                call.State.Set(halves[0], halves[1]);
        }

        return 0;
    };

    public static CommandRun Unset(ImmutableArray<string> arguments) => call =>
    {
        foreach (string name in arguments)
            call.State.Unset(name);
        return 0;
    };

    public static CommandRun Read(ImmutableArray<string> arguments)
    {
        ParsedOptions options = ReadOptions.Parse(arguments);
        ImmutableArray<string> names = options.Operands.IsEmpty ? ["REPLY"] : options.Operands;
        return call =>
        {
            string? line = call.Streams.Input.ReadLine();
            // Without -r a backslash takes the meaning from the character behind it.
            string text = options.Has('r') || line is null ? line ?? "" : Unescaped(line);
            string separators = call.State.Get("IFS") ?? FieldSplitter.DefaultSeparators;
            for (var index = 0; index < names.Length; index++)
            {
                text = text.TrimStart([.. separators.Where(char.IsWhiteSpace)]);
                int end = index == names.Length - 1 ? -1 : text.AsSpan().IndexOfAny(separators);
                call.State.Set(names[index], end < 0 ? text.TrimEnd([.. separators.Where(char.IsWhiteSpace)]) : text[..end]);
                text = end < 0 ? "" : text[(end + 1)..];
            }

            return line is null ? 1 : 0;
        };
    }

    /// <summary>A script may go to any directory; the lab's own exist, others are taken as they come.</summary>
    public static CommandRun ChangeDirectory(ImmutableArray<string> arguments) => call =>
    {
        call.State.WorkingDirectory = call.State.Resolve(arguments.IsEmpty ? "/root" : arguments[0]);
        return 0;
    };

    public static CommandRun Exit(ImmutableArray<string> arguments)
    {
        int? status = arguments.IsEmpty ? null : Number("exit", arguments[0], 0) & 0xFF;
        return call =>
        {
            call.State.Flow = ShellFlow.Exit;
            return status ?? call.State.Status;
        };
    }

    public static CommandRun Break(ImmutableArray<string> arguments) => Leave("break", ShellFlow.Break, arguments);

    public static CommandRun Continue(ImmutableArray<string> arguments) => Leave("continue", ShellFlow.Continue, arguments);

    private static CommandRun Leave(string command, ShellFlow flow, ImmutableArray<string> arguments)
    {
        int count = arguments.IsEmpty ? 1 : Number(command, arguments[0], 1);
        return call =>
        {
            if (call.State.LoopDepth == 0)
                return 0;
            call.State.Flow = flow;
            call.State.FlowDepth = Math.Min(count, call.State.LoopDepth);
            return 0;
        };
    }

    private static int Number(string command, string text, int lowest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= lowest
            ? number
            : throw new CommandUsageException(0, $"{command}: '{text}' is no number from {lowest} on");

    private static string Unescaped(string line)
    {
        StringBuilder result = new();
        for (var index = 0; index < line.Length; index++)
        {
            if (line[index] == '\\' && index + 1 < line.Length)
                index++;
            result.Append(line[index]);
        }

        return result.ToString();
    }
}
