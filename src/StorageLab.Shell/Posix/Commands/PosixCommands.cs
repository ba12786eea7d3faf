using System.Collections.Immutable;
using StorageLab.Shell.Posix.Commands.Awk;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>The commands that need nothing but the shell itself.</summary>
public static class PosixCommands
{
    /// <summary>Makes the table of a shell: these commands and the host's.</summary>
    /// <param name="hostCommands">What works on the host: docker, df, ….</param>
    public static CommandTable With(IEnumerable<KeyValuePair<string, CommandPreparation>> hostCommands)
    {
        CommandTable? table = null;
        Dictionary<string, CommandPreparation> commands = new(StringComparer.Ordinal)
        {
            ["awk"] = AwkCommand.Awk,
            ["cat"] = LineCommands.Cat,
            ["cut"] = CutCommand.Cut,
            ["echo"] = PrintCommands.Echo,
            ["egrep"] = GrepCommand.EGrep,
            ["fgrep"] = GrepCommand.FGrep,
            ["grep"] = GrepCommand.Grep,
            ["head"] = LineCommands.Head,
            ["mkdir"] = FileCommands.MakeDirectory,
            ["printf"] = PrintCommands.Printf,
            ["rm"] = FileCommands.Remove,
            ["sed"] = SedCommand.Sed,
            ["seq"] = LineCommands.Seq,
            ["sort"] = SortCommand.Sort,
            ["tac"] = LineCommands.Tac,
            ["tail"] = LineCommands.Tail,
            ["tee"] = LineCommands.Tee,
            ["touch"] = FileCommands.Touch,
            ["tr"] = TrCommand.Tr,
            ["uniq"] = LineCommands.Uniq,
            ["wc"] = LineCommands.Wc,

            [":"] = Constant(0),
            ["["] = TestCommand.Bracket,
            ["break"] = ShellBuiltIns.Break,
            ["cd"] = ShellBuiltIns.ChangeDirectory,
            ["continue"] = ShellBuiltIns.Continue,
            ["exit"] = ShellBuiltIns.Exit,
            ["export"] = ShellBuiltIns.Export,
            ["false"] = Constant(1),
            ["pwd"] = _ => call =>
            {
                call.Print(call.State.WorkingDirectory);
                return 0;
            },
            ["read"] = ShellBuiltIns.Read,
            ["set"] = ShellBuiltIns.Set,
            ["test"] = TestCommand.Test,
            ["true"] = Constant(0),
            ["unset"] = ShellBuiltIns.Unset,

            // They run the command behind them, here with nothing added to it.
            ["command"] = Prefix,
            ["sudo"] = Prefix,
            ["xargs"] = arguments => XargsCommand.Prepare(table!, arguments),
        };
        foreach ((string name, CommandPreparation preparation) in hostCommands)
            commands[name] = preparation;
        table = new CommandTable(commands);
        return table;

        CommandRun Prefix(ImmutableArray<string> arguments)
        {
            if (arguments.IsEmpty)
                return _ => 0;
            if (arguments[0].StartsWith('-'))
                throw new CommandUsageException(0, $"options of sudo and command, such as {arguments[0]}, are not supported");
            try
            {
                return table!.Prepare(arguments[0], arguments[1..]);
            }
            catch (CommandUsageException e)
            {
                throw new CommandUsageException(e.ArgumentIndex + 1, e.Message);
            }
        }
    }

    private static CommandPreparation Constant(int status) => _ => _ => status;
}
