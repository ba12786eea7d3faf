using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using StorageLab.Cli.Measuring;
using StorageLab.Cli.Verbs;
using StorageLab.Host.Docker;
using StorageLab.Model.Text;
using StorageLab.Scenarios;

namespace StorageLab.Cli;

/// <summary>The whole command: its verbs, and what becomes of errors.</summary>
internal static class StorageLabCommand
{
    private const string DebugVariable = "STORAGELAB_DEBUG";

    public static RootCommand Build()
    {
        RootCommand root = new("What Docker's storage drivers do to a disk: replays pulls, writes and deletes on loop-lvm, direct-lvm and overlay2.")
        {
            RunVerb.Build(),
            MeasureVerb.Build(),
            DoctorVerb.Build(),
            ReplayVerb.Build(),
            ShellVerb.Build(),
            ShowVerb.Build(),
            ReportVerb.Build(),
            CompareVerb.Build(),
            ValidateVerb.Build(),
            AdviseVerb.Build(),
            CheckConfigVerb.Build(),
            ListVerb.Build(),
            ModelVerb.Build(),
            ImportVerb.Build(),
            SchemaVerb.Build(),
            MachineInsideVerb.Build(),
        };
        root.Add(CompletionVerb.Build());
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    /// <summary>Parses, runs and turns every failure into one line and an exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            ParseResult parsed = Build().Parse(args);
            if (parsed.Action is ParseErrorAction)
            {
                Terminal.Complain(UsageMessage(parsed));
                return ExitCode.BadInput;
            }
            // Interrupts and exceptions are this program's own business, see RunVerb and below.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (InputException e)
        {
            foreach (InputProblem problem in e.Problems)
                Terminal.Complain(problem.ToString());
            return ExitCode.BadInput;
        }
        catch (MeasureException e)
        {
            Terminal.Complain(e.Message);
            return ExitCode.BadInput;
        }
        catch (Exception e) when (Terminal.IsStreamFailure(e) && IsOutputBroken())
        {
            // A reader of a pipe that has seen enough (storagelab show … | head) is no failure: the runtime passes over EPIPE.
            Terminal.Complain($"the output could not be written: {e.Message}");
            return ExitCode.OutputFailed;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable(DebugVariable) != "1")
        {
            Terminal.Complain($"this is a bug in storagelab: {e.GetType().Name}: {e.Message} ({DebugVariable}=1 shows where)");
            return ExitCode.Bug;
        }
        catch (Exception e)
        {
            Terminal.Say(e.ToString());
            return ExitCode.Bug;
        }
    }

    /// <summary>What is wrong with the command line, with the nearest word where something was misspelt.</summary>
    internal static string UsageMessage(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string help = CommandPath(parsed.CommandResult) + " --help";
        if (parsed.UnmatchedTokens is [var stray, ..])
        {
            IEnumerable<string> words = stray.StartsWith('-')
                ? command.Options.Concat(parsed.RootCommandResult.Command.Options).SelectMany(o => o.Aliases.Append(o.Name))
                : command.Subcommands.Select(c => c.Name);
            string hint = NearestWord.Find(stray, words) is { } nearest ? $"did you mean {nearest}?" : $"{help} lists what there is";
            return $"unknown {(stray.StartsWith('-') ? "option" : "word")} '{stray}'; {hint}";
        }
        string message = parsed.Errors[0].Message.TrimEnd('.');
        return $"{char.ToLowerInvariant(message[0])}{message[1..]}; {help} shows how";
    }

    private static string CommandPath(CommandResult result) => result.Parent is CommandResult ? $"storagelab {result.Command.Name}" : "storagelab";

    private static bool IsOutputBroken()
    {
        try
        {
            Console.Out.WriteLine();
            Console.Out.Flush();
            return false;
        }
        catch (Exception e) when (Terminal.IsStreamFailure(e))
        {
            return true;
        }
    }
}
