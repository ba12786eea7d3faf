using StorageLab.Shell.Docker.CommandLine;

namespace StorageLab.Shell.Docker;

/// <summary>Docker's command line on a lab host: the commands, flags, output and exit codes of Docker 20.10.</summary>
public sealed class DockerCommandLine(DockerHost host)
{
    private const string Root = "docker";
    private const int UsageExitCode = 125;

    /// <summary>Every command's words, e.g. <c>image ls</c>, for completion; groups such as <c>image</c> are not among them.</summary>
    public static IReadOnlyCollection<string> Commands => DockerCommands.Paths;

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">The words after <c>docker</c>.</param>
    /// <param name="streams">Where it reads and writes.</param>
    /// <returns>Docker's exit code: 0 when all went well, 1 when the daemon refused, 125 for usage.</returns>
    public int Run(IReadOnlyList<string> arguments, ShellStreams streams)
    {
        try
        {
            host.BeginCommand();
            return Dispatch(arguments, streams);
        }
        catch (CommandException e)
        {
            if (e.Message.Length > 0)
                streams.Error.Write(e.Message + "\n");
            return e.ExitCode;
        }
        finally
        {
            host.EndCommand();
        }
    }

    private int Dispatch(IReadOnlyList<string> arguments, ShellStreams streams)
    {
        if (SkipGlobalFlags(arguments, streams) is not { } first)
            return 0;
        if (first >= arguments.Count)
            return ShowHelp(Root, streams.Error, 0);
        string name = arguments[first];
        if (name == "help")
            return Help(arguments.Skip(first + 1), streams);
        if (DockerCommands.IsGroup(name))
        {
            if (first + 1 >= arguments.Count)
                return ShowHelp(name, streams.Error, 0);
            string subject = arguments[first + 1];
            if (DockerCommands.Find($"{name} {subject}") is { } ofGroup)
                return Run(ofGroup, [.. arguments.Skip(first + 2)], streams);
            if (arguments.Skip(first + 1).Any(word => word is "--help" or "-h"))
                return ShowHelp(name, streams.Output, 0);
            return subject.StartsWith('-')
                ? throw new CommandException($"unknown flag: {subject}\nSee 'docker {name} --help'.", UsageExitCode)
                : ShowHelp(name, streams.Error, 1);
        }

        if (DockerCommands.Find(name) is { } command)
            return Run(command, [.. arguments.Skip(first + 1)], streams);
        if (arguments.Skip(first + 1).Any(word => word is "--help"))
            return ShowHelp(Root, streams.Output, 0);
        throw new CommandException(DockerCommands.IsDockers(name)
            ? $"docker {name}: the lab has no such command: it models images, containers, volumes and their storage"
            : $"docker: '{name}' is not a docker command.\nSee 'docker --help'");
    }

    private int Run(DockerCommand command, IReadOnlyList<string> words, ShellStreams streams)
    {
        CommandHelp help = CommandHelp.Of(command.Path);
        FlagValues flags = FlagValues.Read(help, command.Path, words, command.StopsAtFirstArgument);
        if (flags.AsksForHelp)
        {
            if (flags.AsksByLetter)
                streams.Output.Write("Flag shorthand -h has been deprecated, please use --help\n");
            streams.Output.Write(help.Text);
            return 0;
        }

        if (command.Arguments.Complaint(flags.Arguments.Count) is { } complaint)
        {
            throw new CommandException(
                $"\"docker {command.Path}\" {complaint}\nSee 'docker {command.Path} --help'.\n\n{help.Usage}\n\n{CommandHelp.SummaryOf(command.Path)}");
        }

        return command.Run(new Invocation(host, flags, streams));
    }

    /// <summary>Index of the command's word; null when a flag before it was the whole command.</summary>
    private static int? SkipGlobalFlags(IReadOnlyList<string> arguments, ShellStreams streams)
    {
        CommandHelp help = CommandHelp.Of(Root);
        for (var index = 0; index < arguments.Count; index++)
        {
            string word = arguments[index];
            if (!word.StartsWith('-') || word == "-")
                return index;
            switch (word)
            {
                case "-v" or "--version":
                    streams.Output.Write(Daemon.DaemonBuild.VersionLine + "\n");
                    return null;
                case "--help" or "-h":
                    ShowHelp(Root, streams.Output, 0);
                    return null;
            }

            bool isLong = word.StartsWith("--", StringComparison.Ordinal);
            string name = word.TrimStart('-').Split('=')[0];
            CommandFlag? flag = isLong ? help.Find(name) : help.Find(word[1]);
            if (flag is null)
            {
                string problem = isLong ? $"unknown flag: --{name}" : $"unknown shorthand flag: '{word[1]}' in {word}";
                throw new CommandException($"{problem}\nSee 'docker --help'.\n{WithoutCompletion(help.Text)}", UsageExitCode);
            }

            if (!flag.IsSwitch && !word.Contains('=') && (isLong || word.Length == 2))
                index++;
        }

        return arguments.Count;
    }

    /// <summary>The help after a wrong flag has a command less: the library adds it (cobra, completions.go) when the flags were read.</summary>
    private static string WithoutCompletion(string help) =>
        string.Join('\n', help.Split('\n').Where(line => !line.StartsWith("  completion ", StringComparison.Ordinal)));

    private static int Help(IEnumerable<string> words, ShellStreams streams)
    {
        string path = string.Join(' ', words);
        if (path.Length == 0)
            return ShowHelp(Root, streams.Output, 0);
        if (DockerCommands.IsGroup(path))
            return ShowHelp(path, streams.Output, 0);
        return DockerCommands.Find(path) is { } command
            ? ShowHelp(command.Path, streams.Output, 0)
            : throw new CommandException($"unknown help topic: {path}");
    }

    private static int ShowHelp(string path, TextWriter writer, int exitCode)
    {
        writer.Write(CommandHelp.Of(path).Text);
        return exitCode;
    }
}
